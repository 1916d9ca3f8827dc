#include "apps/weir/help/completion.hpp"

namespace weir::cli {

namespace {

constexpr const char* zsh_beginning = R"sh(#compdef weir
# Completion of weir for zsh: weir completion zsh

_weir_jobs() {
  local expl
  local -a ids
  ids=(${(f)"$(_call_program jobs weir completion jobs 2>/dev/null)"})
  _wanted jobs expl 'running job' compadd -a ids
}

)sh";

constexpr const char* zsh_end = R"sh(
if [[ $funcstack[1] == _weir ]]; then
  _weir "$@"
else
  compdef _weir weir
fi
)sh";

std::string in_quotes(const std::string& text) {
  return completion::quoted(text, "'\\''");
}

/// Where a colon or a bracket would end it.
std::string zsh_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\')
      escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string zsh_action(const value_taken& value) {
  switch (value.kind) {
  case value_kind::any:
    return " ";
  case value_kind::choice:
    return std::string("(").append(completion::joined(value.choices)) + ")";
  case value_kind::file:
  case value_kind::path:
    return "_files";
  case value_kind::directory:
    return "_files -/";
  case value_kind::job_library:
    return "_files -g \"*.so(-.)\"";
  case value_kind::running_job:
    return "_weir_jobs";
  case value_kind::configuration:
    return "_weir_configuration";
  }
  return " ";
}

std::string zsh_value(const value_taken& value) {
  return std::string(":").append(zsh_text(value.name)) + ":" + zsh_action(value);
}

/// All names of an option in one: `'(-s --from)'{-s+,--from=}'[...]:PATH:_files'`.
std::string zsh_option(const option_entry& option) {
  const bool repeats = option.value && option.value->kind == value_kind::configuration;
  std::vector<std::string> names;
  for (const std::string& name : option.names)
    names.push_back(name + (!option.value || repeats ? ""
                            : name.starts_with("--") ? "="
                                                     : "+"));
  const std::string rest =
      std::string("[").append(zsh_text(completion::brief(option.summary))) + "]" +
      (option.value ? zsh_value(*option.value) : "");
  if (names.size() == 1)
    return in_quotes((repeats ? "*" : "") + names.front() + rest);
  return in_quotes(std::string("(").append(completion::joined(option.names)) + ")") +
         "{" + completion::joined(names, ",") + "}" + in_quotes(rest);
}

std::string zsh_function(const command_entry& command) {
  return std::string("_").append(line_of(command, "_"));
}

std::string zsh_options(const command_entry& command) {
  std::string lines;
  for (const option_entry& option : command.options)
    lines += std::string(" \\\n    ").append(zsh_option(option));
  return lines;
}

std::string zsh_leaf(const command_entry& command) {
  std::string text = std::string("  _arguments -s -S").append(zsh_options(command));
  bool takes_library = false;
  for (std::size_t i = 0; i < command.arguments.size(); ++i) {
    const argument_entry& argument = command.arguments[i];
    takes_library = takes_library || argument.value.kind == value_kind::job_library;
    text += std::string(" \\\n    ")
                .append(in_quotes((argument.repeats ? "*" : std::to_string(i + 1)) +
                                  zsh_value(argument.value)));
  }
  if (takes_library)
    text += " \\\n    '*:option of the job:_files'";
  return text + "\n";
}

std::string zsh_group(const command_entry& command) {
  std::string names;
  std::string cases;
  for (const command_entry& each : command.commands) {
    names += std::string("\n    ").append(
        in_quotes(each.name() + ":" + zsh_text(completion::brief(each.summary))));
    cases += "    " + each.name() + ") " + zsh_function(each) + " ;;\n";
  }
  // A group may take arguments as well.
  std::string others;
  if (!command.arguments.empty())
    others =
        std::string("    ").append(zsh_action(command.arguments.front().value)) + "\n";
  return "  local curcontext=$curcontext state line\n  local -a commands\n  commands=(" +
         names + "\n  )\n  _arguments -C" + zsh_options(command) +
         " \\\n    '1: :->command' \\\n    '*:: :->rest'\n"
         "  if [[ $state == command ]]; then\n"
         "    _describe -t commands '" +
         line_of(command) + " command' commands\n" + others + "    return\n  fi\n" +
         "  [[ $state == rest ]] || return\n  case $words[1] in\n" + cases + "  esac\n";
}

std::string zsh_configuration(const command_tree& tree) {
  std::string cases;
  std::string names;
  for (const configuration_entry& each : tree.configuration) {
    names += std::string("\n    ").append(
        in_quotes(zsh_text(each.name) + ":" + zsh_text(completion::brief(each.summary))));
    if (!each.choices.empty())
      cases += "      " + each.name + ") values=(" + completion::joined(each.choices) +
               ") ;;\n";
  }
  return "_weir_configuration() {\n  local expl\n  local -a keys values\n"
         "  if compset -P 1 '*='; then\n    case ${IPREFIX%=} in\n" +
         cases +
         "    esac\n    _wanted values expl value compadd -a values\n    return\n  fi\n"
         "  keys=(" +
         names + "\n  )\n  _describe -t keys option keys -q -S =\n}\n\n";
}

} // namespace

std::string zsh_completion(const command_tree& tree) {
  std::string text = zsh_beginning + zsh_configuration(tree);
  for_each_command(tree.top, [&](const command_entry& each) {
    text += zsh_function(each) + "() {\n" +
            (each.commands.empty() ? zsh_leaf(each) : zsh_group(each)) + "}\n\n";
  });
  return text + zsh_end;
}

} // namespace weir::cli
