// A configuration, and what is refused of options.
#pragma once

#include "runtime/config.hpp"
#include "serialization/error.hpp"

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <string>

namespace weir::test {

struct config_fixture {
  void set(const std::string& name, const std::string& value) {
    set_option(config, name, value);
  }
  void refused(const std::string& name, const std::string& value,
               const std::string& part) {
    BOOST_CHECK_EXCEPTION(set(name, value), error, [&](const error& e) {
      const std::string what = e.what();
      BOOST_TEST((e.kind() == failure::usage));
      BOOST_TEST(what.find(part) != what.npos, "'" << part << "' in: " << what);
      return true;
    });
  }
  void all_refused(const std::string& name, std::initializer_list<std::string> values) {
    for (const auto& value : values)
      refused(name, value, "option " + name + " is '" + one_line(value) + "'; it takes ");
  }

  backend_settings chosen(const std::optional<backend_settings>& of_job = {}) const {
    return chosen_backend(config, of_job, 1, 0);
  }

  run_config config;
};

} // namespace weir::test
