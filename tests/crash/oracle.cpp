#include "tests/crash/oracle.hpp"

#include "tests/crash/crash_records.hpp"
#include "tests/support/files.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <vector>

namespace weir::testing {

namespace {

namespace fs = std::filesystem;
using numbers = std::vector<std::uint64_t>;

numbers fields_of(const std::string& line, std::size_t wanted) {
  numbers fields;
  const char* at = line.data();
  const char* end = at + line.size();
  for (;;) {
    const auto parsed = std::from_chars(at, end, fields.emplace_back());
    at = parsed.ptr;
    if (parsed.ec != std::errc{} || (at != end && *at != ','))
      break;
    if (at == end && fields.size() == wanted)
      return fields;
    if (at == end)
      break;
    ++at;
  }
  throw std::runtime_error("the output has a broken line: '" + line + "'");
}

/// A sequence that has to be 1..n, each once and in order.
class running_count {
public:
  void expect_one_more() { seen_.push_back(false); }

  void arrived(std::uint64_t count, findings& found) {
    if (count == 0 || count > seen_.size() || seen_[count - 1]) {
      ++found.duplicated;
      return;
    }
    if (count < last_)
      ++found.reordered;
    seen_[count - 1] = true;
    last_ = count;
  }

  void finished(findings& found) const {
    found.lost +=
        static_cast<std::uint64_t>(std::count(seen_.begin(), seen_.end(), false));
  }

private:
  std::vector<bool> seen_;
  std::uint64_t last_ = 0;
};

class record_table {
public:
  explicit record_table(const crash_input& input) : input_(input) {}

  /// The record, unless the job has none of that number or filters it out.
  std::optional<crash_record> kept(std::uint64_t number) const {
    if (number >= input_.records)
      return std::nullopt;
    random_stream random(input_.seed, number);
    const crash_record record = make_crash_record(input_.keys, number, random);
    return is_kept(record) ? std::optional(record) : std::nullopt;
  }

  /// Which source subtask reads it.
  std::uint32_t subtask_of(std::uint64_t number) const {
    const std::uint64_t share = input_.records / input_.parallelism;
    const std::uint64_t larger = input_.records % input_.parallelism;
    std::uint32_t subtask = 0;
    std::uint64_t end = share + (larger > 0);
    while (number >= end)
      end += share + (++subtask < larger);
    return subtask;
  }

private:
  crash_input input_;
};

/// The numbers in a name, the last one first: of files that a subtask published, the
/// older one comes first.
std::pair<std::uint64_t, std::uint64_t> age_of(const fs::path& part) {
  const std::string name = part.filename();
  std::uint64_t subtask = 0, number = 0;
  const char* const end = name.data() + name.size();
  const auto first = std::from_chars(name.data() + sizeof "part-" - 1, end, subtask);
  if (first.ptr != end)
    std::from_chars(first.ptr + 1, end, number);
  return {number, subtask};
}

std::vector<fs::path> parts_in(const fs::path& directory) {
  auto parts = files_in(directory);
  std::ranges::sort(parts, {}, age_of);
  return parts;
}

findings judge_counts(const fs::path& directory, const crash_input& input) {
  std::vector<running_count> counts(input.keys);
  const record_table records(input);
  for (std::uint64_t number = 0; number < input.records; ++number)
    if (const auto record = records.kept(number))
      counts[record->key].expect_one_more();
  findings found;
  for (const auto& part : parts_in(directory))
    for (const auto& line : lines_of(part)) {
      const numbers fields = fields_of(line, 2);
      if (fields[0] < input.keys)
        counts[fields[0]].arrived(fields[1], found);
      else
        ++found.duplicated;
    }
  for (const auto& count : counts)
    count.finished(found);
  return found;
}

findings judge_arrivals(const fs::path& directory, const crash_input& input) {
  std::vector<running_count> of_key(input.keys);
  std::vector<running_count> of_bucket(crash_buckets);
  std::vector<bool> pending(input.records);
  // The newest number of a key from each source subtask: between them no order is
  // promised.
  std::vector<numbers> newest(input.keys, numbers(input.parallelism));
  const record_table records(input);
  for (std::uint64_t number = 0; number < input.records; ++number)
    if (const auto record = records.kept(number)) {
      pending[number] = true;
      of_key[record->key].expect_one_more();
      of_bucket[bucket_of(record->key)].expect_one_more();
    }
  findings found;
  for (const auto& part : parts_in(directory))
    for (const auto& line : lines_of(part)) {
      const numbers fields = fields_of(line, 4); // key, number, of_key, of_bucket
      const auto record = records.kept(fields[1]);
      if (!record || record->key != fields[0] || !pending[record->number]) {
        ++found.duplicated;
        continue;
      }
      pending[record->number] = false;
      auto& last = newest[record->key][records.subtask_of(record->number)];
      found.reordered += record->number < last;
      last = record->number;
      of_key[record->key].arrived(fields[2], found);
      of_bucket[bucket_of(record->key)].arrived(fields[3], found);
    }
  found.lost +=
      static_cast<std::uint64_t>(std::count(pending.begin(), pending.end(), true));
  for (const auto* counts : {&of_key, &of_bucket})
    for (const auto& count : *counts)
      count.finished(found);
  return found;
}

} // namespace

findings& findings::operator+=(const findings& other) noexcept {
  lost += other.lost;
  duplicated += other.duplicated;
  reordered += other.reordered;
  return *this;
}

findings judge(const fs::path& output, const crash_input& input) {
  findings found = judge_counts(output / "counts", input);
  found += judge_arrivals(output / "arrivals", input);
  if (!input.ordered)
    found.reordered = 0;
  return found;
}

} // namespace weir::testing
