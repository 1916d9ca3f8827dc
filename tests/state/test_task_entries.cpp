// What tasks have saved, as whoever inspects a checkpoint finds it: operators may have
// saved anything.
#include "state/inspect/task_entries.hpp"

#include <boost/test/unit_test.hpp>

#include <cstring>

namespace weir::test::test_task_entries {

namespace {

using bytes = std::vector<std::byte>;

void put_number(bytes& out, std::uint32_t number) {
  const std::size_t at = out.size();
  out.resize(at + sizeof number);
  std::memcpy(out.data() + at, &number, sizeof number);
}

void put(bytes& out, std::string_view text) {
  put_number(out, static_cast<std::uint32_t>(text.size()));
  const auto content = std::as_bytes(std::span(text));
  out.insert(out.end(), content.begin(), content.end());
}

std::vector<saved_task_value> values_in(const bytes& saved) {
  operator_metadata op{"op", 1, 128, {}, {}};
  op.subtasks.emplace_back().operator_state =
      file_handle{"op-0.operator", saved.size(), checksum_of(saved), saved};
  return task_values_of({"/chk-1", "/chk-1", "/shared", {}}, op);
}

} // namespace

BOOST_AUTO_TEST_SUITE(task_entries)

BOOST_AUTO_TEST_CASE(a_list_of_a_task_is_found) {
  bytes saved;
  put_number(saved, 1);
  for (const char* part : {"buffer", "list", "list<string>", "content"})
    put(saved, part);
  const auto values = values_in(saved);
  BOOST_TEST_REQUIRE(values.size() == 1U);
  BOOST_TEST(values[0].type.name == "buffer");
  BOOST_TEST(values[0].type.kind == "task list");
}

BOOST_AUTO_TEST_CASE(a_name_that_is_longer_than_the_file_is_none) {
  bytes saved;
  put_number(saved, 1);
  put_number(saved, 4'000'000'000); // and the rest reads on as if that were a name
  for (const char* part : {"list", "list<string>", "content"})
    put(saved, part);
  BOOST_TEST(values_in(saved).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_task_entries
