#include "operators/job.hpp"

#include "serialization/error.hpp"

#include <charconv>

namespace weir {

const std::string* job::given(const std::string& name) {
  asked_.insert(name);
  const auto found = options_.find(name);
  return found == options_.end() ? nullptr : &found->second;
}

std::string job::option(const std::string& name) {
  if (const std::string* value = given(name))
    return *value;
  throw error(failure::usage, "the job needs the option --" + name +
                                  "; give it behind the job: ... JOB -- --" + name +
                                  " VALUE");
}

std::string job::option(const std::string& name, std::string_view otherwise) {
  const std::string* value = given(name);
  return value ? *value : std::string(otherwise);
}

std::uint64_t job::option(const std::string& name, std::uint64_t otherwise) {
  const std::string* text = given(name);
  if (!text)
    return otherwise;
  std::uint64_t value = 0;
  const auto [end, problem] =
      std::from_chars(text->data(), text->data() + text->size(), value);
  if (problem != std::errc{} || end != text->data() + text->size())
    throw error(failure::usage, "the job's option --" + name + " is '" + *text +
                                    "', which is not a whole number; give one from 0 to "
                                    "18446744073709551615");
  return value;
}

void job::check_options() const {
  for (const auto& [name, value] : options_) {
    if (asked_.contains(name))
      continue;
    std::string known;
    for (const auto& asked : asked_)
      known += (known.empty() ? "--" : ", --") + asked;
    throw error(failure::usage,
                "the job has no option --" + name +
                    (known.empty() ? "; it takes none" : "; it takes " + known));
  }
}

} // namespace weir
