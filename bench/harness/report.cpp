#include "bench/harness/report.hpp"

#include "bench/harness/json_text.hpp"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

namespace weir::bench {

namespace {

using side_of_pair = std::optional<run_figures> run_pair::*;

std::optional<spread> spread_over(const pair_series& series, side_of_pair side,
                                  const std::function<double(const run_figures&)>& f) {
  std::vector<double> values;
  for (const auto& pair : series.pairs)
    if (const auto& run = pair.*side)
      values.push_back(f(*run));
  if (values.empty())
    return std::nullopt;
  return spread_of(std::move(values));
}

std::optional<double> ratio_of(const question_text& question, const run_pair& pair) {
  if (!pair.engine || !pair.kernel)
    return std::nullopt;
  return question.score(*pair.engine) / question.score(*pair.kernel);
}

std::optional<spread> ratio_spread(const question_text& question,
                                   const pair_series& series) {
  std::vector<double> ratios;
  for (const auto& pair : series.pairs)
    if (const auto ratio = ratio_of(question, pair))
      ratios.push_back(*ratio);
  if (ratios.empty())
    return std::nullopt;
  return spread_of(std::move(ratios));
}

std::string side_text(const question_text& question, const pair_series& series,
                      side_of_pair side) {
  const auto score = spread_over(series, side, question.score);
  if (!score)
    return "-";
  const auto cpu = spread_over(series, side, cpu_per_million);
  return fmt::format("{:.3g} ({:.3f} cpu-s/M)", score->median, cpu->median);
}

std::string verdict(const target& goal, const std::optional<spread>& engine,
                    const std::optional<spread>& ratio) {
  const bool at_least = goal.what == target::kind::ratio_at_least;
  const auto& measured = at_least ? ratio : engine;
  const auto bound = fmt::format("target {} {:g}", at_least ? ">=" : "<=", goal.bound);
  if (!measured)
    return bound;
  const bool met =
      at_least ? measured->median >= goal.bound : measured->median <= goal.bound;
  return fmt::format("{} {}", bound, met ? "met" : "MISSED");
}

std::string params_text(const question_text& question) {
  std::string text;
  for (const auto& [name, value] : question.params)
    text += fmt::format("{}{}={:.10g}", text.empty() ? "" : " ", name, value);
  return text;
}

std::string extras_text(const question_text& question, const pair_series& series) {
  std::string text;
  for (const auto& name : question.extras) {
    const auto figure = [&](const run_figures& run) {
      const auto found = run.extra.find(name);
      return found == run.extra.end() ? 0.0 : found->second;
    };
    const auto side = [&](side_of_pair which) {
      const auto values = spread_over(series, which, figure);
      return values ? fmt::format("{:.3g}", values->median) : std::string("-");
    };
    text += fmt::format("    {}: engine {}, kernel {}\n", name, side(&run_pair::engine),
                        side(&run_pair::kernel));
  }
  return text;
}

std::string run_json(const question_text& question, const run_pair& pair) {
  const auto over = [](const std::optional<run_figures>& run, const auto& f) {
    return json_number(run ? std::optional(f(*run)) : std::nullopt);
  };
  return fmt::format(
      R"({{"engine":{},"kernel":{},"ratio":{},"cpu":{{"engine":{},"kernel":{}}}}})",
      over(pair.engine, question.score), over(pair.kernel, question.score),
      json_number(ratio_of(question, pair)), over(pair.engine, cpu_per_million),
      over(pair.kernel, cpu_per_million));
}

std::string answer_json(const question_text& question, const pair_series& series) {
  const auto median = [](const std::optional<spread>& values) {
    return json_number(values ? std::optional(values->median) : std::nullopt);
  };
  std::string params;
  for (const auto& [name, value] : question.params)
    params += fmt::format("{}{}:{}", params.empty() ? "" : ",", json_string(name),
                          json_number(value));
  std::string runs;
  for (const auto& pair : series.pairs)
    runs += (runs.empty() ? "\n    " : ",\n    ") + run_json(question, pair);
  return fmt::format(R"({{"question":{},"params":{{{}}},"engine":{},"kernel":{},)"
                     R"("unit":{},"ratio":{},"runs":[{}]}})",
                     json_string(question.name), params,
                     median(spread_over(series, &run_pair::engine, question.score)),
                     median(spread_over(series, &run_pair::kernel, question.score)),
                     json_string(question.unit), median(ratio_spread(question, series)),
                     runs);
}

} // namespace

void report::add(const question_text& question, const pair_series& series) {
  const auto ratio = ratio_spread(question, series);
  const auto ratio_text = ratio ? fmt::format("{:.3g} ({:.3g}..{:.3g})", ratio->median,
                                              ratio->min, ratio->max)
                                : std::string("-");
  const auto goal =
      question.goal
          ? verdict(*question.goal,
                    spread_over(series, &run_pair::engine, question.score), ratio)
          : std::string();
  fmt::print(
      "{:<22} {:<52} engine {:<24} kernel {:<24} {:<12} ratio {:<22} {}\n", question.name,
      params_text(question), side_text(question, series, &run_pair::engine),
      side_text(question, series, &run_pair::kernel), question.unit, ratio_text, goal);
  fmt::print("{}", extras_text(question, series));
  if (series.repeats > 0)
    fmt::print("    {} pairs repeated: steal over 2 %\n", series.repeats);
  std::fflush(stdout);
  answers_.push_back(answer_json(question, series));
}

void report::write_json(const std::filesystem::path& file) const {
  std::ofstream out(file);
  out << "[";
  for (std::size_t i = 0; i < answers_.size(); ++i)
    out << (i == 0 ? "\n  " : ",\n  ") << answers_[i];
  out << "\n]\n";
  out.flush();
  if (!out)
    throw std::runtime_error(fmt::format(
        "writing the report to {}: check the directory and its space", file.string()));
}

} // namespace weir::bench
