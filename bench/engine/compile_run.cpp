#include "bench/engine/compile_run.hpp"

#include "serialization/json.hpp"

#include <sys/resource.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace weir::bench {

namespace {

struct compile_command {
  std::string directory;
  std::string command;
  std::string file;
};

/// What the tree was built with stays as it is: the command names its output itself.
std::string without_output(std::string command) {
  const auto begin = command.find(" -o ");
  if (begin != command.npos)
    command.erase(begin, command.find(' ', begin + 4) - begin);
  return command;
}

std::string command_for(const std::string& source) {
  const std::string database = WEIR_BENCH_BUILD "/compile_commands.json";
  std::ifstream in(database);
  std::ostringstream text;
  text << in.rdbuf();
  std::vector<compile_command> commands;
  if (const auto problem = parse_json(text.str(), commands))
    throw std::runtime_error("reading " + database + ": " + problem->message());
  for (const auto& each : commands)
    if (each.file.ends_with(source))
      return "cd '" + each.directory + "' && CCACHE_DISABLE=1 " +
             without_output(each.command);
  throw std::runtime_error(database + " does not say how to compile " + source);
}

double children_cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_CHILDREN, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// Runs the command and counts the lines it prints.
std::size_t lines_of(const std::string& command) {
  const auto close = [](std::FILE* pipe) { ::pclose(pipe); };
  const std::unique_ptr<std::FILE, decltype(close)> pipe(::popen(command.c_str(), "r"),
                                                         close);
  std::size_t lines = 0;
  for (int c = 0; pipe && (c = std::fgetc(pipe.get())) != EOF;)
    lines += c == '\n' ? 1 : 0;
  return lines;
}

} // namespace

run_figures run_compile(bool quick) {
  const auto compile = command_for("bench/jobs/two_hundred_lines.cpp");
  const auto header = command_for("bench/jobs/header.cpp");
  const run_clock clock;
  const double cpu = children_cpu_seconds();
  if (std::system((compile + (quick ? " -fsyntax-only" : " -o /dev/null")).c_str()) != 0)
    throw std::runtime_error("this failed: " + compile);
  auto figures = clock.stop(1);
  figures.cpu_seconds = children_cpu_seconds() - cpu;
  figures.extra["cpu_s"] = figures.cpu_seconds;
  figures.extra["wall_s"] = figures.wall_seconds;
  figures.extra["header_lines"] = static_cast<double>(lines_of(header + " -E -P -o -"));
  return figures;
}

} // namespace weir::bench
