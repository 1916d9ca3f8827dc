#include "bench/harness/report.hpp"

#include "bench/harness/json_text.hpp"
#include "bench/harness/machine.hpp"

#include <fmt/format.h>

#include <cmath>
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
  const double engine = question.score(*pair.engine);
  const double kernel = question.score(*pair.kernel);
  return question.less_is_better ? kernel / engine : engine / kernel;
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

std::string bound_text(const target& goal) {
  const bool most = goal.what == target::kind::engine_at_most;
  return fmt::format("{} {:g}", most ? "<=" : ">=", goal.bound);
}

std::string verdict(const target& goal, const std::optional<spread>& engine,
                    const std::optional<spread>& ratio) {
  const auto& measured = goal.what == target::kind::ratio_at_least ? ratio : engine;
  const auto bound = "target " + bound_text(goal);
  if (!measured)
    return bound;
  const bool met = goal.what == target::kind::engine_at_most
                       ? measured->median <= goal.bound
                       : measured->median >= goal.bound;
  return fmt::format("{} {}", bound, met ? "met" : "MISSED");
}

/// How today's answer stands to the last one: above 1 it is better. Ratios are compared
/// where there are any, for they do not depend on the weather.
std::string against(const last_figure& last, const question_text& question,
                    const std::optional<spread>& engine,
                    const std::optional<spread>& ratio) {
  double better = std::nan("");
  if (ratio)
    better = ratio->median / last.ratio;
  else if (engine)
    better = question.less_is_better ? last.engine / engine->median
                                     : engine->median / last.engine;
  return std::isfinite(better) ? fmt::format(" {:.2f} of {}", better, last.date)
                               : std::string();
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
                     R"("unit":{},"ratio":{},"date":{},"machine":{},"runs":[{}]}})",
                     json_string(question.name), params,
                     median(spread_over(series, &run_pair::engine, question.score)),
                     median(spread_over(series, &run_pair::kernel, question.score)),
                     json_string(question.unit), median(ratio_spread(question, series)),
                     json_string(date_text()), json_string(machine_text()), runs);
}

std::string table_row(const question_text& question, const pair_series& series) {
  const auto median = [](const std::optional<spread>& values) {
    return values ? fmt::format("{:.3g}", values->median) : std::string("-");
  };
  return fmt::format("| `{}` | {} | {} | {} | {} | {} | {} |\n", question.name,
                     params_text(question),
                     median(spread_over(series, &run_pair::engine, question.score)),
                     median(spread_over(series, &run_pair::kernel, question.score)),
                     question.unit, median(ratio_spread(question, series)),
                     question.goal ? bound_text(*question.goal) : std::string());
}

void write_file(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file);
  out << text;
  out.flush();
  if (!out)
    throw std::runtime_error(fmt::format(
        "writing the report to {}: check the directory and its space", file.string()));
}

} // namespace

void report::add(const question_text& question, const pair_series& series) {
  const auto engine = spread_over(series, &run_pair::engine, question.score);
  const auto ratio = ratio_spread(question, series);
  const auto ratio_text = ratio ? fmt::format("{:.3g} ({:.3g}..{:.3g})", ratio->median,
                                              ratio->min, ratio->max)
                                : std::string("-");
  std::string judged = question.goal ? verdict(*question.goal, engine, ratio) : "";
  if (const auto* last =
          last_.of(question.name, {question.params.begin(), question.params.end()}))
    judged += against(*last, question, engine, ratio);
  fmt::print(
      "{:<22} {:<52} engine {:<24} kernel {:<24} {:<12} ratio {:<22} {}\n", question.name,
      params_text(question), side_text(question, series, &run_pair::engine),
      side_text(question, series, &run_pair::kernel), question.unit, ratio_text, judged);
  fmt::print("{}", extras_text(question, series));
  if (series.repeats > 0)
    fmt::print("    {} pairs repeated: steal over 2 %\n", series.repeats);
  std::fflush(stdout);
  answers_.push_back(answer_json(question, series));
  rows_.push_back(table_row(question, series));
}

void report::write_json(const std::filesystem::path& file) const {
  write_file(file, fmt::format("[\n  {}\n]\n", fmt::join(answers_, ",\n  ")));
}

void report::write_table(const std::filesystem::path& file) const {
  write_file(file, fmt::format("{}, {}.\n\n"
                               "| question | params | engine | kernel | unit | ratio | "
                               "target |\n|---|---|---|---|---|---|---|\n{}",
                               date_text(), machine_text(), fmt::join(rows_, "")));
}

} // namespace weir::bench
