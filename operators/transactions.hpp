// Sinks whose output is seen only once the checkpoint exists that it belongs to: two
// phases, so that nothing comes twice and nothing unfinished is ever seen.
//
// A transaction: 1. open (written to; nobody sees it)  2. prepared (at a barrier; what
// commits it is in the checkpoint)  3. committed (the checkpoint exists), or aborted by
// whoever starts next, if it is in no checkpoint.
#pragma once

#include "operators/sink_end.hpp"
#include "serialization/error.hpp"
#include "serialization/record_codec.hpp"

#include <deque>

namespace weir {

/// What a writer of transactions begins with.
struct transactions_start {
  std::uint32_t subtask = 0;
  std::uint32_t parallelism = 1;
  /// The number of its next transaction: those before are in the checkpoint.
  std::uint64_t next = 0;
  /// The same for subtasks that there are no more, as far as this one looks after them.
  std::map<std::uint32_t, std::uint64_t> others;
  /// What is not in the checkpoint has to go; otherwise nothing may be there.
  bool began_before = false;
};

/// A transaction at a barrier. `make_durable`, if set, runs on the uploader's thread
/// before the checkpoint is acknowledged.
template <class Committable>
struct prepared_transaction {
  std::optional<Committable> commits; // none: nothing was written
  std::function<void()> make_durable;
};

/// What a transactional sink's instance for one subtask must offer. `prepare` ends the
/// transaction under way; the next one has the next number.
template <class W, class T>
concept transaction_writer = record<typename W::committable> &&
    requires(W writer, const T& value, const transactions_start& from) {
  writer.start(from);
  writer.write(value);
  writer.flush();
  { writer.prepare() } -> std::same_as<prepared_transaction<typename W::committable>>;
};

/// What a user hands to `sink` for such output. `commit` gets what all subtasks have
/// prepared, together. It runs off the tasks, again after a failure, and perhaps with
/// some that have been committed: those it leaves as they are.
template <class S, class T>
concept transactional_spec = std::copy_constructible<S> && requires(const S spec) {
  { spec.template open<T>(std::uint32_t{}, std::uint32_t{}) } -> transaction_writer<T>;
  spec.commit(std::vector<typename decltype(spec.template open<T>(0, 1))::committable>());
};

namespace detail {

[[noreturn]] void refuse_saved_transactions();

/// What a subtask saves. Frozen: it is in checkpoints.
template <class Committable>
struct saved_transactions {
  std::uint64_t next = 0;
  std::map<std::uint32_t, std::uint64_t> others;
  std::vector<Committable> prepared; // and not known to be committed

  std::vector<std::byte> encoded() const {
    using codec = record_codec<saved_transactions>;
    std::vector<std::byte> bytes(codec::size(*this));
    codec::encode(*this, bytes.data());
    return bytes;
  }
  static saved_transactions decoded(const std::vector<std::byte>& bytes) {
    byte_reader in(bytes);
    saved_transactions saved;
    record_codec<saved_transactions>::decode_into(saved, in);
    if (!in.at_end())
      refuse_saved_transactions();
    return saved;
  }
};

/// A writer of transactions as the instance of a sink.
template <class T, transaction_writer<T> Writer>
class transactional_sink {
  using committable = typename Writer::committable;
  using saved = saved_transactions<committable>;

public:
  explicit transactional_sink(Writer writer) : writer_(std::move(writer)) {}

  void start(const operator_start& from) {
    from_ = {.subtask = from.subtask,
             .parallelism = from.parallelism,
             .next = 0,
             .others = {},
             .began_before = from.rerun || from.saved || from.before};
    if (from.saved)
      take_over(saved::decoded(*from.saved), from.subtask, 0);
    for (std::uint32_t i = 0; from.before && i < from.before->size(); ++i)
      if (const auto& bytes = (*from.before)[i])
        take_over(saved::decoded(*bytes), i, from.parallelism);
    writer_.start(from_);
  }
  void write(const T& value) { writer_.write(value); }
  void flush() { writer_.flush(); }
  void finish() { writer_.flush(); }

  std::uint64_t bytes_moved() const noexcept requires requires(const Writer& writer) {
    writer.bytes_moved();
  }
  { return writer_.bytes_moved(); }

  std::optional<operator_snapshot> snapshot(checkpoint_id id) {
    auto prepared = writer_.prepare();
    ++from_.next;
    if (prepared.commits)
      uncommitted_.push_back({id, std::move(*prepared.commits)});
    saved now{from_.next, from_.others, {}};
    for (const auto& [at, each] : uncommitted_)
      now.prepared.push_back(each);
    return operator_snapshot{{}, now.encoded(), std::move(prepared.make_durable)};
  }

  /// What was prepared for an older one that did not complete was committed with this.
  void completed(checkpoint_id id) {
    while (!uncommitted_.empty() && uncommitted_.front().at <= id)
      uncommitted_.pop_front();
  }

private:
  /// Of what subtask `writer` saved, the part that this one looks after; all of it if
  /// `parallelism` is 0.
  void take_over(const saved& theirs, std::uint32_t writer, std::uint32_t parallelism) {
    take_over_one(writer, theirs.next, parallelism);
    for (const auto& [number, next] : theirs.others)
      take_over_one(number, next, parallelism);
  }
  void take_over_one(std::uint32_t number, std::uint64_t next,
                     std::uint32_t parallelism) {
    if (number == from_.subtask)
      from_.next = next;
    else if (parallelism == 0 ||
             (number >= parallelism && number % parallelism == from_.subtask))
      from_.others.emplace(number, next);
  }

  struct uncommitted {
    checkpoint_id at;
    committable each;
  };

  Writer writer_;
  transactions_start from_;
  std::deque<uncommitted> uncommitted_;
};

/// Commits what the subtasks of such a sink saved.
template <class T, transactional_spec<T> Spec>
std::function<void(const operator_parts&)> committer_of(const Spec& spec) {
  using writer = decltype(spec.template open<T>(0, 1));
  using committable = typename writer::committable;
  return [spec](const operator_parts& parts) {
    std::vector<committable> all;
    for (const auto& part : parts)
      if (part)
        for (committable& each : saved_transactions<committable>::decoded(*part).prepared)
          all.push_back(std::move(each));
    if (!all.empty())
      spec.commit(std::move(all));
  };
}

} // namespace detail

} // namespace weir
