#include "apps/weir/control/control_messages.hpp"

#include "serialization/json.hpp"

namespace weir::cli {

namespace {

template <class Message>
std::string line(const Message& message) {
  std::string text;
  append_json(text, message);
  return text += '\n';
}

template <class Message>
std::optional<Message> message_of(std::string_view line, std::string& problem) {
  Message message;
  if (const auto wrong = parse_json(line, message)) {
    problem = wrong->what;
    return std::nullopt;
  }
  return message;
}

} // namespace

std::string line_of(const control_request& request) {
  return line(request);
}

std::string line_of(const control_answer& answer) {
  return line(answer);
}

std::string line_of(const job_info& info) {
  return line(info);
}

std::optional<control_request> request_of(std::string_view line, std::string& problem) {
  return message_of<control_request>(line, problem);
}

std::optional<control_answer> answer_of(std::string_view line, std::string& problem) {
  return message_of<control_answer>(line, problem);
}

} // namespace weir::cli
