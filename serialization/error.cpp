#include "serialization/error.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <string_view>
#include <typeinfo>

namespace weir {

namespace {

std::string unknown_exception() {
  const std::type_info* const type = abi::__cxa_current_exception_type();
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> readable(
      type ? abi::__cxa_demangle(type->name(), nullptr, nullptr, &status) : nullptr,
      std::free);
  return std::string("something of type '")
      .append(readable ? readable.get() : "unknown")
      .append("' was thrown, which says nothing; throw a std::exception with a message");
}

} // namespace

std::string one_line(std::string text) {
  constexpr std::string_view special = "\b\f\n\r\t";
  constexpr std::string_view letters = "bfnrt";
  constexpr std::string_view digits = "0123456789abcdef";
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    const bool of_c1 = byte == 0xc2 && next >= 0x80 && next < 0xa0; // in UTF-8
    const auto which = special.find(text[i]);
    if (which != special.npos) {
      (line += '\\') += letters[which];
    } else if (byte < 0x20 || byte == 0x7f || of_c1) {
      const unsigned code = of_c1 ? next : byte;
      ((line += "\\u00") += digits[code >> 4]) += digits[code & 0xf];
      i += of_c1 ? 1 : 0;
    } else {
      line += text[i];
    }
  }
  return line;
}

error caught_error() {
  try {
    throw;
  } catch (const error& problem) {
    return problem;
  } catch (const std::exception& problem) {
    return {failure::job_failed, problem.what()};
  } catch (...) {
    return {failure::job_failed, unknown_exception()};
  }
}

} // namespace weir
