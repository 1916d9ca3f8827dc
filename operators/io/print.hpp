// The sink that writes one line of text per record to standard output. At least once:
// what was printed cannot be taken back after a failure.
#pragma once

#include "operators/sink_end.hpp"
#include "serialization/text.hpp"

namespace weir {

class print {
public:
  static constexpr bool blocking = true;
  static constexpr bool stateful = false;
  static constexpr bool to_standard_output = true;

  template <record T>
  class instance {
  public:
    void start(const operator_start&) {}
    void write(const T& record) {
      append_text(lines_, record);
      lines_ += '\n';
      if (lines_.size() >= buffer_bytes_max)
        flush();
    }
    void flush() {
      flushed_ += lines_.size();
      write_to_stdout(lines_);
    }
    std::uint64_t bytes_moved() const noexcept { return flushed_ + lines_.size(); }
    std::optional<operator_snapshot> snapshot() {
      flush();
      return std::nullopt;
    }
    void finish() { flush(); }

  private:
    static constexpr std::size_t buffer_bytes_max = std::size_t{16} << 10;
    std::string lines_;
    std::uint64_t flushed_ = 0;
  };

  template <record T>
  instance<T> open(std::uint32_t, std::uint32_t) const {
    return {};
  }

private:
  /// Writes whole lines and empties the buffer.
  static void write_to_stdout(std::string& lines);
};

} // namespace weir
