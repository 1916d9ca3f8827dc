#include "serialization/error.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
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
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool of_c1 = byte(i) == 0xc2 && byte(i + 1) >= 0x80 && byte(i + 1) < 0xa0;
    if (byte(i) >= '\t' && byte(i) <= '\r')
      text[i] = ' ';
    else if (byte(i) < 0x20 || byte(i) == 0x7f)
      text[i] = '?';
    else if (of_c1) // what some terminals take for commands, as UTF-8
      text.replace(i, 2, 1, '?');
  }
  return text;
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
