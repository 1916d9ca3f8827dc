// A test case for every type of a tuple, registered as one: Boost's own registers a case
// for each type, and to compile that takes longer than what is tested.
#pragma once

#include <boost/core/demangle.hpp>
#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <tuple>
#include <type_traits>
#include <typeinfo>

namespace weir::test {

struct case_of_type {
  const std::type_info& type;
  void (*run)();
};

inline void run_each(std::initializer_list<case_of_type> cases) {
  for (const auto& each : cases)
    BOOST_TEST_CONTEXT(boost::core::demangle(each.type.name())) {
      each.run();
    }
}

} // namespace weir::test

#define WEIR_TEST_CASE_OF_TYPES(name, T, types)                                          \
  template <class T>                                                                     \
  void name##_of();                                                                      \
  BOOST_AUTO_TEST_CASE(name) {                                                           \
    []<class... Each>(std::type_identity<std::tuple<Each...>>) {                         \
      weir::test::run_each({{typeid(Each), &name##_of<Each>}...});                       \
    }(std::type_identity<types>());                                                      \
  }                                                                                      \
  template <class T>                                                                     \
  void name##_of()
