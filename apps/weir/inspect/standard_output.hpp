// Standard output for what may be long: written in large pieces, and what is refused is
// told. One thread.
#pragma once

#include <string>
#include <string_view>

namespace weir::cli {

/// A short text, at once; see printable.hpp. Throws as standard_output does.
void print(std::string_view text);

class standard_output {
public:
  /// To append to.
  std::string& text() noexcept { return text_; }
  /// Behind every line. False once nobody reads any more: then there is no use in going
  /// on.
  bool line_ended() { return text_.size() < piece_bytes ? open_ : flush(); }
  /// Throws failure::job_failed if it cannot be written, as on a full disk.
  bool flush();

private:
  static constexpr std::size_t piece_bytes = std::size_t{256} << 10;

  std::string text_;
  bool open_ = true;
};

} // namespace weir::cli
