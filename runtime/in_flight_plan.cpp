#include "runtime/in_flight_plan.hpp"

#include "serialization/check.hpp"
#include "serialization/envelope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace weir {

namespace {

constexpr std::size_t label_length_max = 64;

/// What of a chain's name can be part of a file name.
std::string file_safe(const std::string& name) {
  std::string safe = name.substr(0, label_length_max);
  for (char& c : safe)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '.')
      c = '-';
  return safe.empty() || safe.front() == '.' ? fmt::format("-{}", safe) : safe;
}

std::string file_name_of(const std::string& label, std::uint32_t subtask) {
  return fmt::format("{}-{}.inflight", label, subtask);
}

/// Of the edges that lead to an input of a chain; null if they take no data in flight.
const edge_wire* wire_into(const job_graph& graph, chain_index chain,
                           std::uint32_t input) {
  for (const edge& each : graph.edges())
    if (each.to == chain && each.input == input && each.wire)
      return each.wire.get();
  return nullptr;
}

/// Puts batches into the sections of those to whom they were on their way.
class section_writer {
public:
  section_writer(const job_graph& graph, const execution_plan& plan)
      : graph_(graph), plan_(plan), labels_(chain_labels(graph)) {}

  void add(const planned_task& to, std::uint32_t input, const batch_base& records,
           std::size_t first) {
    const edge_wire* wire = wire_into(graph_, to.chain, input);
    WEIR_CHECK(wire != nullptr);
    auto& section = sections_[{to.chain, input, to.subtask}];
    section.push_back(wire->encode(records, first));
  }

  encoded_in_flight finish(const planned_task& writer) const {
    encoded_in_flight done{file_name_of(labels_[writer.chain], writer.subtask), {}, {}};
    for (const auto& [to, batches] : sections_) {
      const auto& [chain, input, subtask] = to;
      done.file.push_back({labels_[chain], input, subtask, batches});
      in_flight_edge edge{labels_[chain], input, plan_.chains[chain].parallelism,
                          wire_into(graph_, chain, input)->type()};
      if (std::ranges::find(done.edges, edge) == done.edges.end())
        done.edges.push_back(std::move(edge));
    }
    return done;
  }

private:
  const job_graph& graph_;
  const execution_plan& plan_;
  std::vector<std::string> labels_;
  std::map<std::tuple<chain_index, std::uint32_t, std::uint32_t>,
           std::vector<encoded_batch>>
      sections_;
};

/// Gives what is in sections to the tasks of a plan.
class section_reader {
public:
  section_reader(const job_graph& graph, const execution_plan& plan)
      : graph_(graph), plan_(plan), labels_(chain_labels(graph)),
        by_task_(plan.tasks.size()) {}

  /// What the tasks themselves had taken in comes before what others had for them.
  void read(const in_flight_metadata& saved, const in_flight_file& file, bool own) {
    for (const in_flight_section& section : file)
      if (own == (saved.file.name == file_name_of(section.chain, section.subtask)))
        give(saved, section);
  }
  std::vector<std::vector<batch_in_flight>> finish() { return std::move(by_task_); }

private:
  void give(const in_flight_metadata& saved, const in_flight_section& section) {
    const auto chain = static_cast<chain_index>(
        std::ranges::find(labels_, section.chain) - labels_.begin());
    const auto edge = std::ranges::find_if(saved.edges, [&](const in_flight_edge& each) {
      return each.chain == section.chain && each.input == section.input;
    });
    if (chain == labels_.size() || edge == saved.edges.end() ||
        section.subtask >= edge->parallelism)
      refuse_restore(saved.file.name, "contradicts the checkpoint's _metadata");
    const planned_chain& now = plan_.chains[chain];
    const bool same_tasks = edge->parallelism == now.parallelism;
    const way_out way{0, now.parallelism, now.max_parallelism};
    for (divided_batch& part :
         wire_into(graph_, chain, section.input)
             ->decode(section.batches, way,
                      same_tasks ? std::optional(section.subtask) : std::nullopt,
                      saved.file.name))
      task_of(chain, part.to).push_back({section.input, std::move(part.records)});
  }

  std::vector<batch_in_flight>& task_of(chain_index chain, std::uint32_t subtask) {
    const auto task = std::ranges::find_if(plan_.tasks, [&](const planned_task& each) {
      return each.chain == chain && each.subtask == subtask;
    });
    WEIR_CHECK(task != plan_.tasks.end());
    return by_task_[task->id.value];
  }

  const job_graph& graph_;
  const execution_plan& plan_;
  std::vector<std::string> labels_;
  std::vector<std::vector<batch_in_flight>> by_task_;
};

} // namespace

std::vector<std::string> chain_labels(const job_graph& graph) {
  std::vector<std::string> labels;
  std::set<std::string> taken;
  for (const chain& each : graph.chains()) {
    const std::string name = file_safe(each.name);
    std::string label = name;
    for (int number = 2; !taken.insert(label).second; ++number)
      label = fmt::format("{}.{}", name, number);
    labels.push_back(std::move(label));
  }
  return labels;
}

encoded_in_flight gather_in_flight(const job_graph& graph, const execution_plan& plan,
                                   const data_in_flight& overtaken) {
  const planned_task& task = plan.task(overtaken.task);
  section_writer sections(graph, plan);
  for (const batch_in_flight& each : overtaken.input)
    sections.add(task, each.input, *each.records, each.first);
  for (const batch_on_leave& each : overtaken.output) {
    const channel_end& end = task.outputs.at(each.to);
    const planned_task& receiver = plan.task(end.task);
    sections.add(receiver, receiver.inputs.at(end.channel).input, *each.records, 0);
  }
  return sections.finish(task);
}

std::vector<std::string> in_flight_mismatches(const job_graph& graph,
                                              const checkpoint_metadata& checkpoint) {
  const auto labels = chain_labels(graph);
  std::set<std::string> found; // several tasks had records for the same input
  for (const in_flight_metadata& saved : checkpoint.in_flight)
    for (const in_flight_edge& edge : saved.edges) {
      const auto chain = std::ranges::find(labels, edge.chain);
      const edge_wire* wire =
          chain == labels.end()
              ? nullptr
              : wire_into(graph, static_cast<chain_index>(chain - labels.begin()),
                          edge.input);
      if (wire == nullptr)
        found.insert(fmt::format(
            "records were on their way to input {} of '{}', which the job does not have; "
            "let the job that wrote it take an aligned checkpoint",
            edge.input, edge.chain));
      else if (wire->type() != edge.type)
        found.insert(fmt::format(
            "records of type {} were on their way to '{}', which takes {} now; let the "
            "job that wrote it take an aligned checkpoint",
            edge.type, edge.chain, wire->type()));
    }
  return {found.begin(), found.end()};
}

std::vector<std::vector<batch_in_flight>>
divide_in_flight(const job_graph& graph, const execution_plan& plan,
                 const std::vector<in_flight_metadata>& saved,
                 const std::vector<in_flight_file>& files) {
  WEIR_CHECK(saved.size() == files.size());
  section_reader sections(graph, plan);
  for (const bool own : {true, false})
    for (std::size_t i = 0; i < files.size(); ++i)
      sections.read(saved[i], files[i], own);
  return sections.finish();
}

} // namespace weir
