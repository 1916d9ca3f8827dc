// Batches as the tasks see them that read them: records by number, with their times and
// the hashes of their keys where they have any.
#pragma once

#include "operators/batch.hpp"
#include "state/row_table.hpp"

namespace weir {

/// A batch of records with or without times.
template <class In, bool Timed>
class stream_reader {
public:
  explicit stream_reader(const batch_base& records)
      : stream_reader(static_cast<const stream_batch<In, Timed>&>(records)) {}

  const In& record(std::size_t i) const noexcept { return records_[i]; }
  auto time(std::size_t i) const noexcept {
    if constexpr (Timed)
      return times_[i];
    else
      return no_time();
  }

protected:
  template <class Batch>
  explicit stream_reader(const Batch& typed) : records_(typed.values()) {
    if constexpr (Timed)
      times_ = typed.times();
  }

private:
  const In* records_;
  const event_time* times_ = nullptr;
};

/// A batch of records on the task of their key.
template <class In, class Key, bool Timed, class KeyFunction>
class keyed_reader : public stream_reader<In, Timed> {
  using typed_batch = keyed_batch<In, Key, Timed>;

public:
  keyed_reader(const batch_base& records, KeyFunction& key_of)
      : stream_reader<In, Timed>(static_cast<const typed_batch&>(records)),
        key_of_(key_of), size_(records.size()) {
    if constexpr (!cheap_to_hash<Key>)
      hashes_ = static_cast<const typed_batch&>(records).hashes();
  }

  decltype(auto) key(std::size_t i) const {
    return std::invoke(key_of_, this->record(i));
  }

  /// Calls `visit(i, key, row)` for the rows of records [first, last), until it returns
  /// false; returns the first record not visited.
  template <class Value, class Visit>
  std::size_t write_each(row_table<Key, Value>& rows, std::size_t first, std::size_t last,
                         Visit visit) const {
    return rows.write_each(first, last, size_, key_at(), hash_at(), visit);
  }
  /// The same with `visit(i, key, hash, place)`, and nothing is written.
  template <class Value, class Visit>
  std::size_t find_each(row_table<Key, Value>& rows, std::size_t first, std::size_t last,
                        Visit visit) const {
    return rows.find_each(first, last, size_, key_at(), hash_at(), visit);
  }

  /// Adds the keys of all records to `missing` that have no row here.
  template <class Value>
  void look_for_each(row_table<Key, Value>& rows, encoded_rows& missing) const {
    rows.look_for_each(size_, key_at(), hash_at(), missing);
  }

private:
  auto key_at() const {
    return [this](std::size_t i) -> decltype(auto) { return key(i); };
  }
  auto hash_at() const {
    return [this](std::size_t i) {
      if constexpr (cheap_to_hash<Key>)
        return hash_of(key(i));
      else
        return hashes_[i];
    };
  }

  KeyFunction& key_of_;
  std::size_t size_;
  const std::uint64_t* hashes_ = nullptr;
};

} // namespace weir
