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
