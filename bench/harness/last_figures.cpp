#include "bench/harness/last_figures.hpp"

#include "serialization/json.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace weir::bench {

last_figures last_figures::read(const std::filesystem::path& file) {
  last_figures last;
  std::ifstream in(file);
  if (!in)
    return last;
  std::ostringstream text;
  text << in.rdbuf();
  if (const auto problem = parse_json(text.str(), last.figures_))
    throw std::runtime_error("reading the last figures from " + file.string() + ": " +
                             problem->message());
  for (auto& figure : last.figures_)
    figure.params.erase("records");
  return last;
}

const last_figure* last_figures::of(const std::string& question,
                                    std::map<std::string, double> params) const {
  params.erase("records");
  for (const auto& figure : figures_)
    if (figure.question == question && figure.params == params)
      return &figure;
  return nullptr;
}

} // namespace weir::bench
