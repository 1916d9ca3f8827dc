#include "apps/weir/live_view.hpp"

#include "apps/weir/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weir::cli {

namespace {

using namespace std::chrono_literals;

/// One operator's line.
struct row {
  const operator_figures& now;
  const operator_figures& before;
  std::chrono::nanoseconds between;

  std::string rate_of(std::uint64_t operator_figures::*count) const {
    return compact(rate(before.*count, now.*count, between));
  }
  /// Of the time of all its tasks.
  std::string share_of(std::chrono::nanoseconds operator_figures::*time) const {
    using figures = operator_figures;
    std::chrono::nanoseconds all{};
    for (const auto each : {&figures::busy, &figures::back_pressured, &figures::idle})
      all += now.*each - before.*each;
    if (all <= all.zero())
      return "-";
    const double share = seconds(now.*time - before.*time) / seconds(all);
    return fmt::format("{:.0f}%", 100 * std::clamp(share, 0.0, 1.0));
  }
};

struct column {
  const char* heading;
  int width; // at least
  std::string (*cell)(const row&);
};

using figures = operator_figures;

// Another figure of an operator is another line here.
constexpr column columns[] = {
    {"tasks", 5, [](const row& r) { return std::to_string(r.now.parallelism); }},
    {"in/s", 6, [](const row& r) { return r.rate_of(&figures::records_in); }},
    {"out/s", 6, [](const row& r) { return r.rate_of(&figures::records_out); }},
    {"B/s in", 7, [](const row& r) { return r.rate_of(&figures::bytes_in); }},
    {"B/s out", 7, [](const row& r) { return r.rate_of(&figures::bytes_out); }},
    {"busy", 5, [](const row& r) { return r.share_of(&figures::busy); }},
    {"back-pr.", 8, [](const row& r) { return r.share_of(&figures::back_pressured); }},
    {"idle", 5, [](const row& r) { return r.share_of(&figures::idle); }},
    {"queued", 6, [](const row& r) { return std::to_string(r.now.batches_queued); }},
    {"waiting", 7, [](const row& r) { return std::to_string(r.now.batches_waiting); }},
};

/// The lines above and below the operators, and the one on which the cursor stands.
constexpr std::size_t other_lines = 4;

/// How far event time is behind the clock on the wall.
std::string lag_text(const view_moment& moment) {
  constexpr event_time::duration most = std::chrono::days(36'500); // fits nanoseconds
  const auto now = std::chrono::floor<event_time::duration>(moment.wall_clock);
  return duration_text(std::clamp(now - *moment.now.watermark, 0us, most));
}

std::string status_line(const view_moment& moment) {
  std::string line =
      fmt::format("job {}, {}", moment.job_id, duration_text(moment.elapsed));
  if (moment.checkpoint)
    line += fmt::format(", checkpoint {} {} ago", moment.checkpoint->id,
                        duration_text(moment.checkpoint->age));
  if (moment.now.watermark)
    line += fmt::format(", watermark {} behind", lag_text(moment));
  if (moment.restarts > 0)
    line += fmt::format(", restarts: {}", moment.restarts);
  return line;
}

std::string totals_line(const job_figures& now) {
  std::string line = fmt::format("{} rows read, {} written", grouped(now.rows_read),
                                 grouped(now.rows_written));
  if (now.malformed > 0)
    line += fmt::format(", {} malformed", grouped(now.malformed));
  if (now.late > 0)
    line += fmt::format(", {} late", grouped(now.late));
  return line;
}

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::size_t width_of(const std::string& text) {
  return text.size() -
         static_cast<std::size_t>(std::ranges::count_if(text, continues_character));
}

/// On one line and at most `width` characters wide.
void fit(std::string& text, std::size_t width) {
  const auto unprintable = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  };
  std::ranges::replace_if(text, unprintable, ' ');
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at)
    if (!continues_character(text[at]) && ++characters > width)
      text.resize(at);
}

} // namespace

std::vector<frame_line> live_frame(const view_moment& moment, terminal_size size) {
  const auto& operators = moment.now.operators;
  const std::size_t room = size.rows > other_lines ? size.rows - other_lines : 0;
  const bool all_fit = operators.size() <= room;
  const std::size_t shown = all_fit ? operators.size() : room - (room > 0);

  std::size_t name_width = width_of("operator");
  for (std::size_t i = 0; i < shown; ++i)
    name_width = std::max(name_width, width_of(operators[i].name));

  std::vector<frame_line> lines{{status_line(moment), true}};
  std::string headings = fmt::format("{:<{}}", "operator", name_width);
  for (const column& each : columns)
    headings += fmt::format("  {:>{}}", each.heading, each.width);
  lines.push_back({std::move(headings), true});
  for (std::size_t i = 0; i < shown; ++i) {
    const bool known = i < moment.before.operators.size();
    const row of_operator{operators[i],
                          known ? moment.before.operators[i] : operator_figures{},
                          moment.between};
    std::string line = operators[i].name;
    line.append(name_width - width_of(line), ' ');
    for (const column& each : columns)
      line += fmt::format("  {:>{}}", each.cell(of_operator), each.width);
    lines.push_back({std::move(line)});
  }
  if (!all_fit && room > 0)
    lines.push_back({fmt::format("and {} more", operators.size() - shown)});
  lines.push_back({totals_line(moment.now)});

  if (lines.size() >= size.rows && size.rows > 0)
    lines.resize(size.rows - 1);
  // Text in the last column would leave the cursor in the middle of a wrap.
  for (auto& line : lines)
    fit(line.text, size.columns > 0 ? size.columns - 1 : 0);
  return lines;
}

std::string frame_painter::draw(const std::vector<frame_line>& lines,
                                std::size_t columns) {
  std::string bytes = to_top(columns);
  drawn_.clear();
  for (const frame_line& line : lines) {
    const bool bold = colored_ && line.heading;
    bytes += bold ? "\x1b[1m" : "";
    bytes += line.text;
    bytes += bold ? "\x1b[0m\x1b[K\n" : "\x1b[K\n";
    drawn_.push_back(width_of(line.text));
  }
  return bytes += "\x1b[J";
}

std::string frame_painter::erase(std::size_t columns) {
  if (drawn_.empty())
    return {};
  std::string bytes = to_top(columns) + "\x1b[J";
  drawn_.clear();
  return bytes;
}

/// A terminal that has become narrower has wrapped what was drawn before.
std::string frame_painter::to_top(std::size_t columns) const {
  std::size_t rows = 0;
  for (const std::size_t width : drawn_)
    rows += columns == 0 ? 1 : std::max<std::size_t>(1, (width + columns - 1) / columns);
  return rows == 0 ? "" : fmt::format("\r\x1b[{}A", rows);
}

} // namespace weir::cli
