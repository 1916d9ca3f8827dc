// What every job parses, and nothing else.
#include "operators/weir.hpp"
