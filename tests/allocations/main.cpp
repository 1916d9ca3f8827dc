#define BOOST_TEST_MODULE allocations
#include <boost/test/unit_test.hpp>
