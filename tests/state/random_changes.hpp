// A random change to the states of a key, and the same to what they should hold.
#pragma once

#include "tests/state/bound_sample.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

namespace weir::test {

namespace changes_detail {

inline void change_collections(states& bound, model& now, std::uint64_t drawn,
                               const std::string& text, std::mt19937_64& random) {
  switch (random() % 7) {
  case 0:
    bound.list.add(text), now.list.push_back(text);
    break;
  case 1:
    bound.list.clear(), now.list.clear();
    break;
  case 2:
    now.list.assign(drawn, text), bound.list.assign(now.list);
    break;
  case 3:
    bound.map.put(drawn, text), now.map[drawn] = text;
    break;
  case 4:
    BOOST_REQUIRE(bound.map.erase(drawn) == (now.map.erase(drawn) > 0));
    break;
  case 5:
    bound.most.add(drawn), now.most = std::max(now.most.value_or(0), drawn);
    break;
  default:
    bound.sum.add(drawn + 1), now.sum += drawn + 1;
  }
}

inline void change_deadlines(states& bound, model& now, event_time then,
                             std::mt19937_64& random) {
  switch (random() % 4) {
  case 0:
    bound.one.set(then), now.deadline = then;
    break;
  case 1:
    bound.one.clear(), now.deadline.reset();
    break;
  case 2:
    bound.many.add(then), now.deadlines.insert(then);
    break;
  default:
    BOOST_REQUIRE(bound.many.erase(then) == (now.deadlines.erase(then) > 0));
  }
}

inline void clear_all(states& bound, model& now) {
  bound.value.clear(), bound.name.clear(), bound.list.clear();
  bound.map.clear(), bound.most.clear(), bound.sum.clear();
  bound.one.clear(), bound.many.clear();
  now = {};
}

} // namespace changes_detail

/// Deadlines are set to within 100 microseconds from `time`.
inline void change_randomly(states& bound, model& now, event_time time,
                            std::mt19937_64& random) {
  const std::uint64_t drawn = random() % 8;
  const std::string text(random() % 30, 'a');
  switch (random() % 18) {
  case 0:
    bound.value.set(drawn), now.value = drawn;
    break;
  case 1:
    now.value = ++bound.value.edit();
    break;
  case 2:
    bound.value.clear(), now.value.reset();
    break;
  case 3:
    bound.name.set(text), now.name = text;
    break;
  case 4:
  case 5:
  case 6:
  case 7:
    changes_detail::change_deadlines(bound, now,
                                     time + event_time::duration(random() % 100), random);
    break;
  case 8:
  case 9:
  case 10:
    changes_detail::clear_all(bound, now);
    break;
  default:
    changes_detail::change_collections(bound, now, drawn, text, random);
  }
}

} // namespace weir::test
