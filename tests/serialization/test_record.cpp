#include "serialization/record.hpp"
#include "tests/serialization/sample_records.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <set>

namespace weir::test::test_record {

namespace {

struct with_array {
  int before;
  int numbers[3];
  std::string after;
};
struct with_matrix {
  std::string names[2];
  int cells[2][3];
};
struct node {
  std::vector<node> children;
};
struct even {
  std::vector<struct odd> next;
};
struct odd {
  std::optional<std::string> name;
  std::vector<even> next;
};
struct derived : point {
  int more;
};
struct with_reference {
  int number;
  int& other;
};
struct with_owner {
  std::unique_ptr<int> owned;
};
struct empty {};
class closed {
public:
  closed() = default;
  int number() const { return number_; }

private:
  int number_ = 0;
};
struct renamed {
  static constexpr std::array weir_fields{"user", "total amount"};
  std::string user_name;
  std::uint64_t amount;
};
template <class T>
struct generic {
  T first_of;
  std::vector<T> others_2;
};
struct single {
  std::optional<std::variant<std::tuple<int>, std::string>> only;
};
union either {
  int number;
  float other;
};

template <class... T>
constexpr bool all_records(const std::tuple<T...>*) {
  return (record<T> && ...);
}
template <class... T>
constexpr bool all_keys(const std::tuple<T...>*) {
  return (record_key<T> && ...);
}

static_assert(all_records(static_cast<sample_types*>(nullptr)));
static_assert(all_records(static_cast<key_types*>(nullptr)));
static_assert(all_keys(static_cast<key_types*>(nullptr)));
static_assert(check_record<everything>() && check_key<key_record>());

static_assert(record<std::vector<std::optional<std::map<int, std::vector<bool>>>>>);
static_assert(record<single> && record<generic<std::string>> && record<renamed>);
static_assert(record<std::variant<std::monostate, int>> && !record<std::monostate>);

static_assert(!record<int*> && !record<int&> && !record<void> && !record<int[3]>);
static_assert(!record<std::nullptr_t> && !record<void()> && !record<const int>);
static_assert(!record<std::string_view> && !record<std::unique_ptr<int>>);
static_assert(!record<std::set<int>> && !record<closed> && !record<empty>);
static_assert(!record<either> && !record<derived> && !record<with_reference>);
static_assert(!record<with_array> && !record<with_matrix> && !record<with_owner>);
static_assert(!record<node> && !record<even> && !record<odd>);
static_assert(!record<std::vector<const char*>> && !record<std::optional<empty>>);
static_assert(!record<std::array<int, 0>> && !record<std::tuple<>>);
static_assert(!record<std::chrono::duration<double>>);
static_assert(!record<std::map<double, int>> && !record<std::unordered_map<float, int>>);
static_assert(!record<std::map<std::vector<double>, int>>);
static_assert(!record<std::map<int, int, std::greater<>>>); // another order
static_assert(!record<std::map<int, int*>>);

static_assert(!record_key<double> && !record_key<std::optional<float>>);
static_assert(!record_key<std::map<int, int>> && !record_key<reading>);
static_assert(!record_key<std::variant<int, double>> && !record_key<click>);

static_assert(detail::field_count<everything> == 11 && detail::field_count<point> == 3);
static_assert(detail::field_count<with_array> == 3);
static_assert(detail::field_count<with_matrix> == 2);
static_assert(std::is_same_v<detail::field_type<with_matrix, 1>, int[2][3]>);
static_assert(std::is_same_v<detail::field_type<everything, 10>, bool>);

template <class T, bool Key = false>
std::string refusal() {
  return detail::refusal<T, Key>().text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(record_)

BOOST_AUTO_TEST_CASE(fields_have_the_names_of_the_source) {
  constexpr auto names = field_names<click>();
  BOOST_TEST(names.size() == 5U);
  BOOST_TEST(names[0] == "user");
  BOOST_TEST(names[4] == "counts");
  BOOST_TEST(field_names<single>()[0] == "only");
  BOOST_TEST(field_names<generic<std::string>>()[0] == "first_of");
  BOOST_TEST(field_names<generic<std::vector<int>>>()[1] == "others_2");
}

BOOST_AUTO_TEST_CASE(a_line_in_the_type_renames_its_fields) {
  BOOST_TEST(field_names<renamed>()[0] == "user");
  BOOST_TEST(field_names<renamed>()[1] == "total amount");
}

BOOST_AUTO_TEST_CASE(a_refusal_names_the_field_and_says_what_to_do) {
  const auto ends_with = [](const std::string& text, std::string_view end) {
    BOOST_TEST(text.ends_with(end), text << " should end with: " << end);
  };
  ends_with(refusal<with_array>(), "with_array cannot be encoded: it is a C array; use "
                                   "std::array");
  BOOST_TEST(refusal<with_array>().starts_with("weir: field 2 (numbers) of "));
  BOOST_TEST(refusal<with_matrix>().starts_with("weir: field 1 (names) of "));
  ends_with(refusal<node>(), "node cannot be encoded: it contains itself");
  ends_with(refusal<derived>(), "it has a base class; make that a field");
  BOOST_TEST(refusal<with_reference>().starts_with("weir: field 2 of "));
  BOOST_TEST(refusal<with_owner>().starts_with("weir: field 1 (owned) of "));
  BOOST_TEST(refusal<int*>() == "weir: int* cannot be encoded: it is a pointer; store "
                                "what it points to");
  ends_with(refusal<std::vector<std::string_view>>(),
            "it is a std::string_view, whose text lives elsewhere; use std::string or "
            "weir::text");
}

BOOST_AUTO_TEST_CASE(a_refused_key_names_the_field) {
  const std::string text = refusal<std::pair<int, reading>, true>();
  BOOST_TEST(text.starts_with("weir: field 2 (value) of "), text);
  BOOST_TEST(text.ends_with("it is a floating-point number in a key"), text);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_record
