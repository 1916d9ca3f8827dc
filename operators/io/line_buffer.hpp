// Bytes go in, lines come out: what everything that reads text has in common. Knows
// neither where the bytes come from nor what to say when there are too many.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace weir::detail {

class line_buffer {
public:
  line_buffer();

  /// Takes the next line, without its end ("\n" or "\r\n"); valid until room(). False
  /// when its end has not come yet.
  bool take(std::string_view& line);
  /// Takes what is left at the end of the input, a line without an end, if there is any.
  bool take_rest(std::string_view& line);

  /// Where more bytes go; empty when a line of more than 64 MiB is in the way.
  std::span<char> room();
  void filled(std::size_t bytes) noexcept {
    filled_ += bytes;
    received_ += bytes;
  }

  /// How many bytes the lines that were taken had, with their ends.
  std::uint64_t taken() const noexcept { return received_ - (filled_ - at_); }
  /// How many bytes came in.
  std::uint64_t received() const noexcept { return received_; }

private:
  std::string_view take_up_to(std::size_t line_end, std::size_t end_bytes);

  std::vector<char> bytes_;
  std::size_t at_ = 0;       // of the next byte to be taken
  std::size_t searched_ = 0; // no line ends between at_ and here
  std::size_t filled_ = 0;   // of the first byte behind what came in
  std::uint64_t received_ = 0;
};

} // namespace weir::detail
