#include "tests/support/counting_job.hpp"

#include "serialization/error.hpp"

namespace weir::testing {

namespace {

struct drawn {
  std::uint64_t key;
  std::uint64_t index;
};

constexpr bool kept(const drawn& record) {
  return record.index % 5 != 3;
}

drawn draw(std::uint64_t keys, std::uint64_t index, random_stream& random) {
  return {random.below(keys), index};
}

/// Other keys for the second exchange, so that records change tasks there.
constexpr std::uint64_t second_key(std::uint64_t key) {
  return key * 0x9E3779B97F4A7C15 + 1;
}

/// The brief pipeline has keys that the other one has not.
constexpr std::uint64_t brief_key(std::uint64_t index) {
  return (std::uint64_t{1} << 63) | (index % 10);
}

running next(const running& so_far, const running& record) {
  return {record.key, record.count, so_far.checksum * 31 + record.checksum};
}

} // namespace

running_by_key by_key(const counting_output& written) {
  running_by_key sequences;
  for (const auto& sink : {written.counted, written.brief})
    for (const running& record : sink->all())
      sequences[record.key].push_back(record);
  return sequences;
}

std::string difference(const running_by_key& emitted, const running_by_key& expected) {
  for (const auto& [key, sequence] : expected) {
    const auto found = emitted.find(key);
    const std::size_t times = found == emitted.end() ? 0 : found->second.size();
    if (times != sequence.size())
      return "key " + std::to_string(key) + " emitted " + std::to_string(times) +
             " times instead of " + std::to_string(sequence.size());
    if (found->second != sequence)
      return "key " + std::to_string(key) + " emitted other values than expected";
  }
  return emitted.size() == expected.size() ? "" : "keys that nobody sent";
}

counting_output counting_job::build(job& job) const {
  counting_output into;
  auto numbers = generate(records, [keys = keys](std::uint64_t index, random_stream& r) {
    return draw(keys, index, r);
  });
  numbers.seed(seed).records_per_second(records_per_second);
  job.source("numbers", numbers)
      .map([failing = failing, half = records / 4](const drawn& record) {
        if (failing && record.index == half && failing->exchange(false))
          throw error(failure::job_failed, "this failure was asked for");
        return drawn{record.key + 1, record.index};
      })
      .filter(kept)
      .key_by(&drawn::key)
      .count("counts")
      .map([](const counted<std::uint64_t>& c) {
        return running{second_key(c.key), c.count, c.count};
      })
      .key_by(&running::key)
      .reduce("checksums", next)
      .sink("collected", collect(into.counted));
  job.source("brief-numbers", generate(brief_records,
                                       [](std::uint64_t index, random_stream&) {
                                         return drawn{brief_key(index), index};
                                       }))
      .key_by(&drawn::key)
      .count("brief-counts")
      .map([](const counted<std::uint64_t>& c) {
        return running{c.key, c.count, c.count};
      })
      .sink("brief", collect(into.brief));
  return into;
}

running_by_key counting_job::expected() const {
  running_by_key sequences;
  for (std::uint64_t index = 0; index < records; ++index) {
    random_stream random(seed, index);
    const drawn record = draw(keys, index, random);
    if (!kept(record))
      continue;
    auto& sequence = sequences[second_key(record.key + 1)];
    const std::uint64_t count = sequence.size() + 1;
    const running fresh{second_key(record.key + 1), count, count};
    sequence.push_back(sequence.empty() ? fresh : next(sequence.back(), fresh));
  }
  for (std::uint64_t index = 0; index < brief_records; ++index) {
    auto& sequence = sequences[brief_key(index)];
    const std::uint64_t count = sequence.size() + 1;
    sequence.push_back({brief_key(index), count, count});
  }
  return sequences;
}

} // namespace weir::testing
