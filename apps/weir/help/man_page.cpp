#include "apps/weir/help/man_page.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <utility>

namespace weir::cli {

namespace {

/// As it is, also at the beginning of a line; a dash is one that can be copied.
std::string roff_text(const std::string& text) {
  static const std::pair<char, const char*> special[] = {{'\\', "\\e"},   {'-', "\\-"},
                                                         {'\'', "\\(aq"}, {'`', "\\(ga"},
                                                         {'^', "\\(ha"},  {'~', "\\(ti"}};
  std::string escaped = text.starts_with('.') ? "\\&" : "";
  for (const char c : text) {
    const auto* const found =
        std::ranges::find(special, c, &std::pair<char, const char*>::first);
    if (found == std::end(special))
      escaped += c;
    else
      escaped += found->second;
  }
  return escaped;
}

class page_writer {
public:
  void line(const std::string& text) {
    text_ += text + '\n';
    behind_heading_ = false;
  }
  void section(const char* title) {
    line(std::string(".SH ") + title);
    behind_heading_ = true;
  }
  /// Not at once behind a heading, where there is one anyway.
  void paragraph() {
    if (!behind_heading_)
      line(".PP");
  }

  void sentence(const std::string& text) {
    wrap(text + (text.ends_with('.') ? "" : "."));
  }

  /// Filled by troff, but lines of a source have a length, too.
  void wrap(const std::string& text) {
    constexpr std::size_t width = 78;
    std::istringstream in(text);
    std::string filled;
    for (std::string word; in >> word;) {
      const std::string escaped = roff_text(word);
      if (!filled.empty() && filled.size() + escaped.size() + 1 > width)
        line(std::exchange(filled, ""));
      filled += (filled.empty() ? "" : " ") + escaped;
    }
    if (!filled.empty())
      line(filled);
  }

  /// What is written as it is in bold, the rest as it comes.
  void tagged(const std::string& bold, const std::string& rest) {
    line(".TP");
    line(std::string("\\fB").append(roff_text(bold)) + "\\fR" + rest);
  }

  std::string take() { return std::move(text_); }

private:
  std::string text_;
  bool behind_heading_ = false;
};

std::string in_italics(const std::string& text) {
  return std::string("\\fI").append(roff_text(text)) + "\\fR";
}

void write_form(page_writer& page, const command_entry& command,
                const std::string& form) {
  const std::string line = line_of(command);
  if (form.starts_with(line))
    page.line(std::string("\\fB").append(roff_text(line)) + "\\fR" +
              roff_text(form.substr(line.size())));
  else
    page.line(roff_text(form));
}

/// Whether it names commands, whose forms follow.
bool is_overview(const command_entry& command, const std::string& form) {
  return std::ranges::any_of(command.commands, [&](const command_entry& each) {
    return form.starts_with(line_of(each) + " ");
  });
}

void write_forms(page_writer& page, const command_entry& command) {
  for (const std::string& form : command.forms)
    if (!is_overview(command, form)) {
      page.paragraph();
      write_form(page, command, form);
    }
  for (const command_entry& each : command.commands)
    write_forms(page, each);
}

void write_arguments(page_writer& page, const command_entry& command) {
  for (const argument_entry& argument : command.arguments) {
    page.line(".TP");
    page.line(in_italics(argument.value.name) + (argument.repeats ? " ..." : ""));
    page.sentence(argument.summary);
  }
}

void write_options(page_writer& page, const command_entry& command) {
  for (const option_entry& option : command.options) {
    std::string names;
    for (std::size_t i = 1; i < option.names.size(); ++i)
      names += std::string(", \\fB").append(roff_text(option.names[i])) + "\\fR";
    page.tagged(option.names.front(),
                names + (option.value
                             ? std::string(" ").append(in_italics(option.value->name))
                             : ""));
    page.sentence(option.summary);
  }
}

void write_notes(page_writer& page, const command_entry& command) {
  for (const std::string& note : command.notes) {
    page.paragraph();
    page.sentence(note);
  }
}

void write_commands(page_writer& page, const command_entry& command) {
  page.section("COMMANDS");
  for (const command_entry& each : command.commands) {
    page.line(std::string(".SS \"").append(roff_text(line_of(each))) + "\"");
    page.sentence(each.summary);
    write_arguments(page, each);
    write_options(page, each);
  }
}

bool sets_options(const command_entry& command) {
  return std::ranges::any_of(command.options, [](const option_entry& option) {
    return option.value && option.value->kind == value_kind::configuration;
  });
}

void write_configuration(page_writer& page, const command_tree& tree) {
  page.section("CONFIGURATION");
  page.wrap("What -D takes, and files of options.");
  for (const configuration_entry& option : tree.configuration) {
    page.tagged(option.name, "");
    page.sentence(option.summary);
    page.wrap("Takes a " + option.type + "; default: " + option.default_value + ".");
  }
}

/// "130 or 143 cancelled": the codes come first.
void write_exit_code(page_writer& page, const std::string& text) {
  const auto is_digit = [&](std::size_t at) {
    return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0;
  };
  std::size_t end = text.find(' ');
  while (end != text.npos && text.compare(end, 4, " or ") == 0 && is_digit(end + 4))
    end = text.find(' ', end + 4);
  page.tagged(text.substr(0, end), "");
  page.sentence(end == text.npos ? "" : text.substr(end + 1));
}

void write_exit_codes(page_writer& page, const command_entry& command) {
  if (command.exit_codes.empty())
    return;
  page.section("EXIT STATUS");
  for (const std::string& code : command.exit_codes)
    write_exit_code(page, code);
}

void write_page_list(page_writer& page, const command_tree& tree) {
  page.section("COMMANDS");
  for (const command_entry& each : tree.top.commands) {
    page.tagged(page_name(each), "(1)");
    page.sentence(each.summary);
  }
}

void write_other_pages(page_writer& page, const command_tree& tree,
                       const command_entry& command) {
  page.section("SEE ALSO");
  std::string list;
  const auto add = [&](const command_entry& each) {
    if (&each != &command)
      list +=
          (list.empty() ? "\\fB" : ",\n\\fB") + roff_text(page_name(each)) + "\\fR(1)";
  };
  add(tree.top);
  std::ranges::for_each(tree.top.commands, add);
  page.line(list);
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) {
    return static_cast<char>(std::toupper(c));
  });
  return text;
}

/// With its first letter made another one by `change`: NAME has no sentence.
std::string beginning(std::string summary, int (*change)(int)) {
  summary[0] = static_cast<char>(change(static_cast<unsigned char>(summary[0])));
  return summary;
}

} // namespace

std::string page_name(const command_entry& command) {
  return line_of(command, "-");
}

std::string man_page(const command_tree& tree, const command_entry& command,
                     const std::string& date) {
  page_writer page;
  page.line(std::string(".TH ").append(roff_text(upper(page_name(command)))) + " 1 " +
            date + " \"weir " + tree.version + "\" \"User Commands\"");
  page.section("NAME");
  page.line(roff_text(page_name(command)) + " \\- " +
            roff_text(beginning(command.summary, std::tolower)));
  page.section("SYNOPSIS");
  write_forms(page, command);
  page.section("DESCRIPTION");
  page.sentence(beginning(command.summary, std::toupper));
  write_notes(page, command);
  if (&command == &tree.top)
    write_page_list(page, tree);
  else if (!command.commands.empty())
    write_commands(page, command);
  if (!command.options.empty() || !command.arguments.empty()) {
    page.section("OPTIONS");
    write_arguments(page, command);
    write_options(page, command);
  }
  if (sets_options(command))
    write_configuration(page, tree);
  write_exit_codes(page, command);
  write_other_pages(page, tree, command);
  return page.take();
}

} // namespace weir::cli
