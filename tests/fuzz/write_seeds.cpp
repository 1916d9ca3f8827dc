// Writes the seeds of the targets whose inputs nobody types:  write_seeds DIRECTORY
// What is written is committed in seeds/; those of other targets are texts, or links to
// tests/golden.
#include "operators/io/record_source.hpp"
#include "runtime/in_flight_plan.hpp"
#include "runtime/restore_plan.hpp"
#include "serialization/batch_frame.hpp"
#include "serialization/capnp/metadata_format.hpp"
#include "serialization/schema_text.hpp"
#include "state/task_handles.hpp"
#include "tests/fuzz/fuzz_records.hpp"
#include "tests/runtime/sample_job.hpp"
#include "tests/support/batches.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace weir::fuzz {

namespace {

namespace fs = std::filesystem;
using bytes = std::vector<std::byte>;

class seed_directory {
public:
  seed_directory(const fs::path& root, const char* target) : path_(root / target) {
    fs::create_directories(path_);
  }

  void write(const char* name, const bytes& content) const {
    std::ofstream out(path_ / name, std::ios::binary);
    out.write(reinterpret_cast<const char*>(content.data()),
              static_cast<std::streamsize>(content.size()));
  }

private:
  fs::path path_;
};

nested sample_nested() {
  nested made;
  made.notes.resize(2);
  made.notes[0].text = "first";
  made.notes[1].weight = 1.5;
  made.corner = {-1, 70'000};
  made.choice = std::uint32_t{9};
  made.by_name["a"] = {1, 2, 3};
  made.by_number[-5] = "minus";
  made.by_pair[{"k", std::int8_t{3}}] = true;
  made.both = {'x', 0.5F};
  made.flags = {true, false};
  made.deep.emplace().emplace_back(77);
  return made;
}

template <class T>
bytes encoded(const T& value) {
  bytes out(record_codec<T>::size(value));
  record_codec<T>::encode(value, out.data());
  return out;
}

/// A line with the type, and a value of it.
template <class T>
bytes described(const T& value) {
  const std::string line = schema_text(schema_of<T>()) + '\n';
  const auto text = std::as_bytes(std::span(line));
  bytes all(text.begin(), text.end());
  const bytes rest = encoded(value);
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

template <class T>
bytes batch_with(std::vector<T> records) {
  return encode_batch(std::span<const T>(records));
}

void write_batches(const seed_directory& into) {
  into.write("numbers", batch_with<std::uint64_t>({1, 2, 3}));
  into.write("texts", batch_with<std::string>({"", "two", "three"}));
  into.write("flat", batch_with<flat>({{1, -2, true}, {3, 4, false}}));
  into.write("nested", batch_with<nested>({sample_nested()}));
  into.write("views", batch_with<views>({{text("name"), 7, text("comment")}}));
}

void write_values(const seed_directory& into) {
  using several_kinds = std::variant<std::monostate, std::uint32_t, std::string>;
  into.write("nested", described(sample_nested()));
  into.write("grows", described(std::pair<std::uint32_t, std::string>{7, "seven"}));
  into.write("variant", described(several_kinds{"text"}));
  into.write("time", described(std::chrono::system_clock::time_point{}));
  into.write("map", described(std::map<std::string, std::uint64_t>{{"a", 1}, {"b", 2}}));
  into.write("array",
             described(std::array<std::vector<std::int16_t>, 2>{{{1}, {-2, 3}}}));
}

template <class Container>
void add_state(task_states& to, const char* name, const char* kind, sharing how,
               Container content) {
  auto kept = std::make_unique<detail::kept_container<Container>>();
  kept->content = std::move(content);
  to.add({name, kind, type_description<Container>()}, how, std::move(kept));
}

void write_operator_states(const seed_directory& into) {
  task_states states;
  add_state(states, "buffer", "list", sharing::divided,
            std::vector<std::string>{"a", "", "ccc"});
  add_state(states, "seen", "union_list", sharing::united, std::vector<std::uint64_t>{7});
  add_state(states, "rules", "broadcast", sharing::copied,
            std::map<std::string, std::uint32_t>{{"limit", 3}});
  into.write("states", states.save());
  into.write("splits", detail::save_splits({{"a.csv", 10, 100, true}}));
  into.write("progress", detail::save_progress({{{"b.csv", 0, 9, false}}, 3}));
  into.write("ranges", encoded(std::array<std::uint64_t, 4>{1, 10, 20, 30}));
  const bytes described_state = [] {
    bytes all = encoded(std::string("{count:u64}"));
    const bytes count = encoded(std::uint64_t{5});
    all.insert(all.end(), count.begin(), count.end());
    return all;
  }();
  into.write("task_state", described_state);
}

file_handle inlined(const std::string& name, const bytes& content) {
  return {name, content.size(), checksum_of(content), content};
}

task_handle handle_of(const planned_task& task) {
  task_handle handle{task.id, std::nullopt, {}};
  const auto label = [&](const char* name) { return subtask_label(name, task.subtask); };
  if (task.chain == 0)
    handle.operators.emplace_back("numbers",
                                  inlined(label("numbers") + ".operator", bytes(16)));
  else
    handle.keyed.emplace().file = inlined(label("keyed"), bytes(8));
  if (task.chain == 2)
    handle.operators.emplace_back("out", inlined(label("out") + ".operator", bytes(24)));
  return handle;
}

/// Of the sample job, with what barriers have overtaken at a task that counts.
void write_restores(const seed_directory& into, const seed_directory& in_flight) {
  job sample;
  test::define_sample(sample, 10);
  for (const std::uint32_t parallelism : {1U, 2U}) {
    const auto plan = plan_execution(sample.graph(), parallelism, 128);
    std::vector<task_handle> handles;
    for (const planned_task& task : plan.tasks)
      handles.push_back(handle_of(task));
    checkpoint_metadata metadata;
    metadata.id = {42};
    metadata.job_id = "job";
    metadata.state_backend = "rocksdb";
    metadata.operators = assemble_operators(sample.graph(), plan, handles);
    into.write(parallelism == 1 ? "one" : "two", encode_metadata(metadata));
    const auto gathered = gather_in_flight(sample.graph(), plan,
                                           {{parallelism},
                                            {42},
                                            {{0, test::batch_of({1, 2, 3}), 1}},
                                            {{0, test::batch_of({4})}}});
    const bytes file = encode_in_flight(gathered.file);
    in_flight.write(parallelism == 1 ? "one" : "two", file);
    metadata.in_flight.push_back({inlined(gathered.file_name, file), gathered.edges});
    into.write(parallelism == 1 ? "one_in_flight" : "two_in_flight",
               encode_metadata(metadata));
  }
}

} // namespace

} // namespace weir::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: write_seeds DIRECTORY\n");
    return 2;
  }
  using namespace weir::fuzz;
  const fs::path root = argv[1];
  write_batches({root, "batch"});
  write_values({root, "values"});
  write_operator_states({root, "operator_state"});
  write_restores({root, "restore"}, {root, "in_flight"});
  return 0;
}
