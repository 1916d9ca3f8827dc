#define BOOST_TEST_MODULE state_lives
#include <boost/test/unit_test.hpp>
