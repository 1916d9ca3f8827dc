#define BOOST_TEST_MODULE applications
#include <boost/test/unit_test.hpp>
