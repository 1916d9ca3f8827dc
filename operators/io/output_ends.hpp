// What a sink saves that has an output for each of its subtasks: where each output stood.
// A subtask looks after its own, and after a restore with fewer subtasks after some that
// nobody writes any more: they are cut like the others, and the job may grow again.
//
// Saved as the subtask's own end, then number and end of each of the others. Frozen: it
// is in checkpoints.
#pragma once

#include "operators/task.hpp"
#include "serialization/error.hpp"
#include "serialization/record_codec.hpp"

namespace weir::detail {

template <fixed_record End>
struct output_ends {
  /// None: nothing was saved for this output, so it begins.
  std::optional<End> own;
  std::map<std::uint32_t, End> others; // by number of the subtask that wrote it

  /// Those that the subtask of `from` looks after. Throws failure::restore_refused.
  static output_ends taken_over(const operator_start& from) {
    output_ends ends;
    if (from.saved)
      ends.add(*from.saved, from.subtask, from.subtask, 0);
    for (std::uint32_t i = 0; from.before && i < from.before->size(); ++i)
      if (const auto& saved = (*from.before)[i])
        ends.add(*saved, i, from.subtask, from.parallelism);
    return ends;
  }

  /// `own` is where this subtask's output stands now.
  std::vector<std::byte> saved_with(const End& now) const {
    std::vector<std::byte> saved(codec<End>::size + others.size() * numbered_bytes);
    std::byte* out = record_codec<End>::encode(now, saved.data());
    for (const auto& [number, end] : others)
      out = record_codec<End>::encode(end,
                                      record_codec<std::uint32_t>::encode(number, out));
    return saved;
  }

private:
  static constexpr std::size_t numbered_bytes =
      codec<std::uint32_t>::size + codec<End>::size;

  /// Of what subtask `writer` saved, the part of subtask `subtask` of `parallelism`; all
  /// of it if that is 0.
  void add(const std::vector<std::byte>& saved, std::uint32_t writer,
           std::uint32_t subtask, std::uint32_t parallelism) {
    if (saved.size() < codec<End>::size ||
        (saved.size() - codec<End>::size) % numbered_bytes != 0)
      throw error(failure::restore_refused,
                  "what the checkpoint saved for output " + std::to_string(writer) +
                      " of a sink is not the end of one; was it another kind of sink?");
    add_one(writer, codec<End>::decode(saved.data()), subtask, parallelism);
    for (std::size_t at = codec<End>::size; at < saved.size(); at += numbered_bytes) {
      const auto number = codec<std::uint32_t>::decode(saved.data() + at);
      add_one(number, codec<End>::decode(saved.data() + at + codec<std::uint32_t>::size),
              subtask, parallelism);
    }
  }

  void add_one(std::uint32_t number, const End& end, std::uint32_t subtask,
               std::uint32_t parallelism) {
    if (number == subtask)
      own = end;
    else if (parallelism == 0 ||
             (number >= parallelism && number % parallelism == subtask))
      others.emplace(number, end);
  }
};

} // namespace weir::detail
