#define BOOST_TEST_MODULE test_kit
#include <boost/test/unit_test.hpp>
