#include "serialization/error.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <typeinfo>

namespace weir {

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

} // namespace weir
