// Counts the words of text files: a line `word,count` for every word, with how often it
// has been seen so far.
#include "operators/weir.hpp"

void weir_job(weir::job& job) {
  job.source("lines", weir::read_lines(job.option("input")))
      .flat_map<weir::text>([](const std::string& line, auto& words) {
        for (const std::string_view word : weir::split(line))
          words.emit(weir::text(word));
      })
      .key_by(std::identity{})
      .count("counts")
      .sink("lines-out", weir::write_lines(job.option("output")));
}
