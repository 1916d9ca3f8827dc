// A function with states that expire, of every kind, and deadlines in both times, beside
// what they hold in plain words.
#pragma once

#include "tests/state/bound_sample.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test {

using micros = std::chrono::microseconds;

constexpr processing_time us(std::int64_t since_1970) {
  return processing_time(micros(since_1970));
}

// Long enough for some reads not to be noted.
constexpr expiry written_for = expire_after_write(micros(150));
constexpr expiry used_for = expire_after_access(micros(320));

/// Something with the time until which it is there.
template <class T>
struct dated {
  T value{};
  processing_time until;

  friend bool operator==(const dated&, const dated&) = default;
};

/// What a function sees of the states of a key.
struct seen_states {
  std::optional<std::uint64_t> lasting;
  std::optional<std::uint64_t> written;
  std::optional<std::string> used;
  std::vector<std::string> list;
  std::vector<std::uint64_t> used_list;
  std::map<std::uint64_t, std::string> map;
  std::map<std::uint64_t, std::uint64_t> used_map;
  std::optional<std::uint64_t> most;
  std::uint64_t sum = 0;
  std::optional<event_time> deadline;
  std::optional<processing_time> alarm;
  std::set<processing_time> alarms;

  bool empty() const { return *this == seen_states{}; }
  friend bool operator==(const seen_states&, const seen_states&) = default;
};

/// What is there, with its times.
struct expiring_model {
  std::optional<std::uint64_t> lasting;
  std::optional<dated<std::uint64_t>> written;
  std::optional<dated<std::string>> used;
  std::vector<dated<std::string>> list;
  std::vector<dated<std::uint64_t>> used_list;
  std::map<std::uint64_t, dated<std::string>> map;
  std::map<std::uint64_t, dated<std::uint64_t>> used_map;
  std::optional<dated<std::uint64_t>> most;
  std::optional<dated<std::uint64_t>> sum;
  std::optional<event_time> deadline;
  std::optional<processing_time> alarm;
  std::set<processing_time> alarms;

  /// Forgets what has expired.
  void pass(processing_time now) {
    const auto over = [now](const auto& each) { return each.until <= now; };
    const auto entry_over = [&](const auto& each) { return over(each.second); };
    const auto forget = [&](auto& held) {
      if (held && over(*held))
        held.reset();
    };
    forget(written), forget(used), forget(most), forget(sum);
    std::erase_if(list, over), std::erase_if(used_list, over);
    std::erase_if(map, entry_over), std::erase_if(used_map, entry_over);
  }
  /// All is read: what is kept by reading stays longer, if that is worth a note.
  void read(processing_time now) {
    const auto keep = [now](auto& each) {
      if (now + used_for.after - each.until > used_for.after / 64)
        each.until = now + used_for.after;
    };
    if (used)
      keep(*used);
    for (auto& each : used_list)
      keep(each);
    for (auto& [key, each] : used_map)
      keep(each);
  }

  seen_states seen() const {
    seen_states all{lasting, {}, {}, {}, {}, {}, {}, {}, 0, deadline, alarm, alarms};
    if (written)
      all.written = written->value;
    if (used)
      all.used = used->value;
    for (const auto& each : list)
      all.list.push_back(each.value);
    for (const auto& each : used_list)
      all.used_list.push_back(each.value);
    for (const auto& [key, each] : map)
      all.map[key] = each.value;
    for (const auto& [key, each] : used_map)
      all.used_map[key] = each.value;
    if (most)
      all.most = most->value;
    if (sum)
      all.sum = sum->value;
    return all;
  }
};

struct expiring_states {
  explicit expiring_states(state_binder& bind)
      : lasting(bind.value<std::uint64_t>("lasting")),
        written(bind.value<std::uint64_t>("written", written_for)),
        used(bind.value<std::string>("used", used_for)),
        list(bind.list<std::string>("list", written_for)),
        used_list(bind.list<std::uint64_t>("used-list", used_for)),
        map(bind.map<std::uint64_t, std::string>("map", written_for)),
        used_map(bind.map<std::uint64_t, std::uint64_t>("used-map", used_for)),
        most(bind.reducing<std::uint64_t>("most", largest{}, written_for)),
        sum(bind.aggregating<total>("sum", written_for)), one(bind.timer("one")),
        alarm(bind.processing_timer("alarm")), alarms(bind.processing_timers("alarms")) {}

  value_state<std::uint64_t> lasting;
  expiring<value_state<std::uint64_t>> written;
  expiring<value_state<std::string>> used;
  expiring<list_state<std::string>> list;
  expiring<list_state<std::uint64_t>> used_list;
  expiring<map_state<std::uint64_t, std::string>> map;
  expiring<map_state<std::uint64_t, std::uint64_t>> used_map;
  expiring<reducing_state<std::uint64_t, largest>> most;
  expiring<aggregating_state<total>> sum;
  timer one;
  processing_timer alarm;
  processing_timers alarms;

  seen_states read() const {
    seen_states all;
    if (lasting)
      all.lasting = *lasting;
    if (const std::uint64_t* const held = written.find())
      all.written = *held;
    if (used)
      all.used = *used;
    all.list.assign(list.begin(), list.end());
    all.used_list.assign(used_list.begin(), used_list.end());
    for (const auto& [key, value] : map)
      all.map.emplace(key, value);
    for (auto at = used_map.lower_bound(0); at != used_map.end(); ++at)
      all.used_map.emplace(at->first, at->second);
    if (const std::uint64_t* const held = most.find())
      all.most = *held;
    all.sum = sum.result();
    all.deadline = one.deadline();
    all.alarm = alarm.deadline();
    all.alarms.insert(alarms.begin(), alarms.end());
    return all;
  }
};

inline void clear(expiring_states& bound) {
  bound.lasting.clear(), bound.written.clear(), bound.used.clear();
  bound.list.clear(), bound.used_list.clear(), bound.map.clear();
  bound.used_map.clear(), bound.most.clear(), bound.sum.clear();
  bound.one.clear(), bound.alarm.clear(), bound.alarms.clear();
}

/// One change of the states of a key, and of what is known of them.
template <class Random>
void change(expiring_states& bound, expiring_model& now, processing_time at,
            event_time event_at, Random& random) {
  const std::uint64_t drawn = random() % 8;
  const std::string text(random() % 30, 'a');
  const micros ahead(static_cast<std::int64_t>(random() % 100));
  const processing_time written = at + written_for.after;
  const processing_time used = at + used_for.after;
  now.pass(at);
  switch (random() % 24) {
  case 0:
    bound.written.set(drawn), now.written = {drawn, written};
    break;
  case 1:
    now.written = {++bound.written.edit(), written};
    break;
  case 2:
    bound.used.set(text), now.used = {text, used};
    break;
  case 3:
  case 4:
  case 5:
    bound.list.add(text), now.list.push_back({text, written});
    break;
  case 6:
    bound.used_list.add(drawn), now.used_list.push_back({drawn, used});
    break;
  case 7:
  case 8:
    bound.map.put(drawn, text), now.map[drawn] = {text, written};
    break;
  case 9:
    BOOST_REQUIRE(bound.map.erase(drawn) == (now.map.erase(drawn) > 0));
    break;
  case 10:
  case 11:
    ++bound.used_map.edit(drawn);
    now.used_map[drawn] = {now.used_map[drawn].value + 1, used};
    break;
  case 12:
    bound.most.add(drawn);
    now.most = {std::max(now.most ? now.most->value : 0, drawn), written};
    break;
  case 13:
    bound.sum.add(drawn + 1);
    now.sum = {(now.sum ? now.sum->value : 0) + drawn + 1, written};
    break;
  case 14:
    bound.one.set(event_at + ahead), now.deadline = event_at + ahead;
    break;
  case 15:
    bound.alarm.set(at + ahead), now.alarm = at + ahead;
    break;
  case 16:
    bound.alarms.add(at + ahead), now.alarms.insert(at + ahead);
    break;
  case 17:
    bound.lasting.set(drawn), now.lasting = drawn;
    break;
  case 18:
    bound.lasting.clear(), now.lasting.reset();
    bound.alarm.clear(), now.alarm.reset();
    bound.one.clear(), now.deadline.reset();
    break;
  case 19:
    now.list.assign(drawn, {text, written});
    bound.list.assign(std::vector(drawn, text));
    break;
  case 20:
    BOOST_REQUIRE(bound.map.contains(drawn) == now.map.contains(drawn));
    BOOST_REQUIRE(bound.list.size() == now.list.size());
    BOOST_REQUIRE(bound.map.empty() == now.map.empty());
    break;
  default:
    clear(bound);
    now = {};
  }
}

template <class Key>
struct expiring_table {
  explicit expiring_table(std::uint32_t max_parallelism = bound_groups)
      : bound(max_parallelism, nullptr, of_task,
              [this](state_binder& bind) { function.emplace(bind); }) {}

  /// Every row is looked at, whatever has expired by now is gone.
  void sweep_all() { bound.rows().sweep(64 * (1 + bound.rows().size() / 64)); }

  std::optional<expiring_states> function;
  task_states of_task;
  bound_states<Key> bound;
};

} // namespace weir::test
