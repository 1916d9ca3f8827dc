#include "tests/support/shapes_job.hpp"

#include <algorithm>
#include <fstream>
#include <ranges>
#include <set>
#include <tuple>

namespace weir::testing {

namespace {

struct item {
  std::uint64_t key;
  std::uint64_t value;
};

/// A word, how often it was there, and the largest of the words that stood before it.
struct paired {
  text word;
  text before;
  std::uint64_t count;
};

constexpr std::uint64_t shape_keys = 17;

item draw(std::uint64_t index, random_stream& random) {
  return {random.below(shape_keys), index};
}

/// How often `value` comes out of the expanding step.
constexpr std::uint64_t times(std::uint64_t value) {
  return value % 50 == 0 ? 700 : value % 3;
}

/// Some are too long to be kept without memory of their own.
std::string word_of(std::uint64_t key) {
  return std::string(key % 5 * 8, 'w') + std::to_string(key);
}

running shown_item(const item& record) {
  return {record.key, record.value, 0};
}

/// Empty if each record was written by as many subtasks as `copies` says.
std::string wrong_with_records(const char* sink, std::vector<running> all,
                               std::uint64_t records, std::size_t copies) {
  std::ranges::sort(all, {}, &running::count);
  if (all.size() != copies * records)
    return std::string(sink) + ": " + std::to_string(all.size()) + " records";
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].count != i / copies)
      return std::string(sink) + ": a record twice and another not at all";
  return "";
}

} // namespace

shapes_output shapes_job::build(job& job) const {
  shapes_output into;
  const auto source = [&](const std::string& name) {
    return job.source(name, generate(records, draw).seed(seed));
  };
  const auto expanded = source("expanded").parallelism(1).flat_map([](const item& r) {
    return std::views::iota(std::uint64_t{0}, times(r.value)) |
           std::views::transform([r](std::uint64_t) { return r; });
  });
  source("plain")
      .rebalance()
      .parallelism(3)
      .union_with(expanded)
      .key_by(&item::key)
      .sum("sums", &item::value)
      .map([](const folded<std::uint64_t, std::uint64_t>& sum) {
        return running{sum.key, sum.value, 0};
      })
      .sink("sums-out", collect(into.sums));
  source("chosen")
      .partition_custom([](const item& r, std::uint32_t partitions) {
        return static_cast<std::uint32_t>(r.value % partitions);
      })
      .map(shown_item)
      .sink("chosen-out", collect(into.chosen));
  source("told")
      .parallelism(1)
      .broadcast()
      .map(shown_item)
      .sink("told-out", collect(into.told));
  source("gathered")
      .global()
      .map(shown_item)
      .sink("gathered-out", collect(into.gathered));
  source("scattered")
      .shuffle()
      .rescale()
      .parallelism(2)
      .new_chain()
      .parallelism(2)
      .map(shown_item)
      .sink("scattered-out", collect(into.scattered));
  job.source("lines", read_lines(text))
      .flat_map<std::string>([](const std::string& line, auto& words) {
        for (const std::string_view word : split(line))
          words.emit(std::string(word));
      })
      .key_by(std::identity{})
      .count("words")
      .map([](const counted<std::string>& c) {
        return running{hash_of(c.key), c.count, 0};
      })
      .sink("words-out", collect(into.words));
  job.source("lines-of-pairs", read_lines(text))
      .flat_map<paired>([](const std::string& line, auto& words) {
        weir::text before;
        for (const std::string_view word : split(line)) {
          words.emit({weir::text(word), before, 1});
          before = weir::text(word);
        }
      })
      .key_by(&paired::word)
      .reduce("pairs",
              [](const paired& a, const paired& b) {
                return paired{a.word, std::max(a.before, b.before), a.count + b.count};
              })
      .map([](const paired& p) {
        return running{hash_of(p.word), p.count, hash_of(p.before)};
      })
      .sink("pairs-out", collect(into.pairs));
  return into;
}

std::string shapes_job::wrong_with(const shapes_output& written) const {
  if (const std::string wrong = wrong_with_sums(written.sums->all()); !wrong.empty())
    return wrong;
  if (const std::string wrong = wrong_with_words(written.words->all()); !wrong.empty())
    return wrong;
  if (const std::string wrong = wrong_with_pairs(written.pairs->all()); !wrong.empty())
    return "pairs: " + wrong;
  const std::size_t subtasks = written.told->subtasks();
  for (const auto& [sink, output, copies] :
       {std::tuple{"chosen", written.chosen, std::size_t{1}},
        {"told", written.told, subtasks},
        {"gathered", written.gathered, std::size_t{1}},
        {"scattered", written.scattered, std::size_t{1}}})
    if (const std::string wrong =
            wrong_with_records(sink, output->all(), records, copies);
        !wrong.empty())
      return wrong;
  for (std::uint32_t i = 0; i < subtasks; ++i) {
    for (const running& r : written.chosen->of_subtask(i))
      if (r.count % subtasks != i)
        return "a record went to a partition that was not chosen for it";
    if (i > 0 && !written.gathered->of_subtask(i).empty())
      return "a record of the global stream went to another task than the first";
    if (written.told->of_subtask(i).size() != records)
      return "a task has not got every record that was broadcast";
  }
  return "";
}

void shapes_job::write_text() const {
  std::filesystem::create_directory(text);
  for (std::uint64_t file = 0; file < 3; ++file) {
    std::ofstream out(text / std::to_string(file));
    for (std::uint64_t index = file; index < records; index += 3) {
      random_stream random(seed, index);
      out << word_of(draw(index, random).key) << (index % 7 == 0 ? '\n' : ' ');
    }
  }
}

std::string shapes_job::wrong_with_words(const std::vector<running>& emitted) const {
  std::map<std::uint64_t, std::uint64_t> counts;
  for (std::uint64_t index = 0; index < records; ++index) {
    random_stream random(seed, index);
    ++counts[hash_of(word_of(draw(index, random).key))];
  }
  std::map<std::uint64_t, std::set<std::uint64_t>> seen;
  for (const running& r : emitted)
    if (!seen[r.key].insert(r.count).second)
      return "a word was counted to the same number twice";
  if (seen.size() != counts.size())
    return "words that are not in the files, or not all that are";
  for (const auto& [word, numbers] : seen)
    if (numbers.size() != counts[word] || *numbers.rbegin() != counts[word])
      return "a word was not counted as often as it is there";
  return "";
}

std::string shapes_job::wrong_with_pairs(const std::vector<running>& emitted) const {
  if (std::string wrong = wrong_with_words(emitted); !wrong.empty())
    return wrong;
  std::map<std::string, std::string> largest;
  for (std::uint64_t file = 0; file < 3; ++file) {
    std::string before;
    for (std::uint64_t index = file; index < records; index += 3) {
      random_stream random(seed, index);
      const std::string word = word_of(draw(index, random).key);
      largest[word] = std::max(largest[word], before);
      before = index % 7 == 0 ? "" : word;
    }
  }
  std::map<std::uint64_t, running> last;
  for (const running& r : emitted)
    if (r.count > last[r.key].count)
      last[r.key] = r;
  for (const auto& [word, before] : largest)
    if (last[hash_of(word)].checksum != hash_of(before))
      return "not the largest word before another";
  return "";
}

std::string shapes_job::wrong_with_sums(const std::vector<running>& emitted) const {
  std::vector<std::uint64_t> sums(shape_keys), counts(shape_keys);
  for (std::uint64_t index = 0; index < records; ++index) {
    random_stream random(seed, index);
    const item record = draw(index, random);
    sums[record.key] += record.value * (1 + times(record.value));
    counts[record.key] += 1 + times(record.value);
  }
  std::vector<std::uint64_t> largest(shape_keys), seen(shape_keys);
  for (const running& r : emitted) {
    ++seen.at(r.key);
    largest[r.key] = std::max(largest[r.key], r.count);
  }
  return seen == counts && largest == sums
             ? ""
             : "the sums of the united streams are not those of a plain loop";
}

} // namespace weir::testing
