// Rows of any size as a map, and as row files.
#pragma once

#include "state/encoded_run.hpp"
#include "state/full/row_file_reader.hpp"
#include "state/full/row_file_writer.hpp"
#include "tests/state/disk_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace weir::test {

/// By key, which begins with its group.
using row_map = std::map<std::string, std::string>;

inline std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline std::string row_key(key_group group, const std::string& key) {
  return {std::string{static_cast<char>(group >> 8), static_cast<char>(group)} + key};
}

inline row_map within(const row_map& rows, const key_group_range& groups) {
  const std::string end = row_key(static_cast<key_group>(groups.last + 1), "");
  return {rows.lower_bound(row_key(groups.first, "")), rows.lower_bound(end)};
}

inline std::string random_text(std::mt19937_64& random, std::size_t size) {
  std::string text(size, '\0');
  for (char& c : text)
    c = static_cast<char>(random());
  return text;
}

inline measured_file write_rows(const row_map& rows, row_output& out, bool compress) {
  row_file_writer writer(out, compress);
  for (const auto& [key, value] : rows)
    writer.add(bytes_of(key), bytes_of(value));
  return writer.finish();
}

using row_file_bytes = std::vector<std::byte>;

inline row_file_bytes row_file_of(const row_map& rows, bool compress = false) {
  memory_row_output out;
  write_rows(rows, out, compress);
  return out.take();
}

inline std::shared_ptr<const row_input>
input_of(row_file_bytes bytes, failure kind = failure::restore_refused) {
  return std::make_shared<memory_row_input>(
      std::make_shared<const row_file_bytes>(std::move(bytes)), "counts-0.keyed", kind);
}

inline row_map read_rows(std::shared_ptr<const row_input> input,
                         key_group_range groups = every_key_group) {
  row_map rows;
  for (row_file_reader from(std::move(input), groups); from.valid(); from.next())
    rows.emplace_hint(rows.end(), text_of(from.key()), text_of(from.value()));
  return rows;
}

/// Of random groups below `groups`, with keys that repeat and values up to `value_max`.
inline row_map random_rows(std::mt19937_64& random, std::size_t count,
                           std::size_t value_max, unsigned groups = 128) {
  row_map rows;
  for (std::size_t i = 0; i < count; ++i)
    rows[row_key(static_cast<key_group>(random() % groups),
                 std::to_string(random() % 1000))] =
        random_text(random, random() % (value_max + 1));
  return rows;
}

} // namespace weir::test
