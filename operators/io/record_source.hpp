// What the sources of records have in common, whatever the format of their lines: a line
// that is no record ends the job with its place and what was expected there, or is
// counted and skipped, or counted and sent another way.
#pragma once

#include "operators/io/line_stream.hpp"
#include "operators/source_chain.hpp"
#include "serialization/record.hpp"

namespace weir::detail {

/// What a source of records saves. Frozen: it is in checkpoints.
struct record_progress {
  std::vector<input_split> left;
  std::uint64_t malformed = 0;
};

std::vector<std::byte> save_progress(const record_progress& progress);
/// Of this subtask, or its share of all. None: it begins.
std::optional<record_progress> load_progress(const operator_start& from);

[[noreturn]] void fail_on_line(const malformed_line& line);
[[noreturn]] void fail_on_header(const malformed_line& line);

/// How a line becomes a T. Where a format is `named`, the first line of each file is no
/// record and names what is in the others.
template <class Format, class T>
concept line_parser = requires(Format format, std::string_view line, T& out) {
  { format.named() } -> std::same_as<bool>;
  { format.read_names(line) } -> std::same_as<std::optional<parse_problem>>;
  { format.read(line, out) } -> std::same_as<std::optional<parse_problem>>;
};

template <class T, line_parser<T> Format>
class record_source {
public:
  using output = T;

  record_source(line_stream lines, Format format, bool skip_malformed)
      : lines_(std::move(lines)), format_(std::move(format)),
        skip_malformed_(skip_malformed) {}

  void start(const operator_start& from) {
    const auto progress = load_progress(from);
    if (progress)
      malformed_ = progress->malformed;
    lines_.start(progress ? &progress->left : nullptr);
  }
  std::vector<std::byte> position() const {
    return save_progress({lines_.left(), malformed_});
  }

  template <class Emit>
  poll_result poll(Emit&& emit, std::size_t records_max, steady_time now) {
    for (std::size_t i = 0; i < records_max; ++i) {
      if (!lines_.next())
        return lines_.pause(i > 0, now);
      if (read_record(emit))
        emit(std::as_const(record_));
    }
    return {poll_result::next::more, {}};
  }

  template <class Side>
  static constexpr bool emits =
      std::same_as<Side, std::remove_const_t<decltype(malformed_lines)>>;

  /// How many lines were no records since the job began.
  std::uint64_t malformed() const noexcept { return malformed_; }
  /// Of the lines, with their ends.
  std::uint64_t bytes_moved() const noexcept { return lines_.bytes(); }

private:
  /// Into record_; false if the line is none.
  template <class Emit>
  bool read_record(Emit& emit) {
    if (format_.named() && lines_.file_opened()) [[unlikely]]
      read_names();
    if (format_.named() && lines_.first_of_file()) [[unlikely]]
      return false;
    const auto problem = format_.read(lines_.line(), record_);
    if (problem) [[unlikely]]
      refuse(*problem, emit);
    return !problem;
  }

  void read_names() {
    if (const auto problem = format_.read_names(lines_.first_line_of_file()))
      fail_on_header(lines_.describe_header(*problem));
  }

  template <class Emit>
  void refuse(const parse_problem& problem, Emit& emit) {
    if constexpr (std::invocable<Emit&, decltype(malformed_lines), malformed_line>)
      emit(malformed_lines, lines_.describe(problem));
    else if (!skip_malformed_)
      fail_on_line(lines_.describe(problem));
    ++malformed_;
  }

  line_stream lines_;
  Format format_;
  bool skip_malformed_;
  std::uint64_t malformed_ = 0;
  T record_{}; // kept for the memory of its text
};

} // namespace weir::detail
