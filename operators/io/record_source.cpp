#include "operators/io/record_source.hpp"

#include "serialization/error.hpp"
#include "serialization/record_codec.hpp"

namespace weir::detail {

namespace {

[[noreturn]] void fail(const malformed_line& line, const char* remedy) {
  const std::string input =
      line.file == "standard input" ? line.file : "the input '" + line.file + "'";
  throw error(failure::job_failed, input + ", line " + std::to_string(line.line) + ", " +
                                       line.reason + "; " + remedy);
}

record_progress progress_in(const std::vector<std::byte>& saved) {
  record_progress progress;
  byte_reader in(saved);
  record_codec<record_progress>::decode_into(progress, in);
  return progress;
}

} // namespace

std::vector<std::byte> save_progress(const record_progress& progress) {
  using codec = record_codec<record_progress>;
  std::vector<std::byte> saved(codec::size(progress));
  codec::encode(progress, saved.data());
  return saved;
}

std::optional<record_progress> load_progress(const operator_start& from) {
  if (from.saved)
    return progress_in(*from.saved);
  if (!from.before)
    return std::nullopt;
  record_progress share;
  std::vector<std::vector<input_split>> left;
  for (const auto& part : *from.before)
    if (part) {
      record_progress each = progress_in(*part);
      left.push_back(std::move(each.left));
      if (from.subtask == 0)
        share.malformed += each.malformed;
    }
  share.left = share_of_left(left, from.subtask, from.parallelism);
  return share;
}

void fail_on_line(const malformed_line& line) {
  fail(line,
       "correct the line, or go on without such lines: .skip_malformed(), or a side "
       "output for them");
}

void fail_on_header(const malformed_line& line) {
  fail(line, "the first line of each file names its columns; if yours does not, read it "
             "with .no_header()");
}

} // namespace weir::detail
