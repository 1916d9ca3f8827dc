#include "serialization/check.hpp"
#include "serialization/error.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(check)

BOOST_AUTO_TEST_CASE(a_check_that_holds_does_nothing) {
  BOOST_CHECK_NO_THROW(WEIR_CHECK(1 + 1 == 2));
}

BOOST_AUTO_TEST_CASE(a_check_that_fails_names_condition_and_place) {
  BOOST_CHECK_EXCEPTION(WEIR_CHECK(1 + 1 == 3), weir::error, [](const weir::error& e) {
    const std::string what = e.what();
    return what.find("1 + 1 == 3") != what.npos &&
           what.find("test_check.cpp") != what.npos;
  });
}

BOOST_AUTO_TEST_SUITE_END()
