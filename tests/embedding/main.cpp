#define BOOST_TEST_MODULE embedding
#include <boost/test/unit_test.hpp>
