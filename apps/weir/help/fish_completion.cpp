#include "apps/weir/help/completion.hpp"

namespace weir::cli {

namespace {

constexpr const char* fish_functions = R"sh(
# Which command stands in front of the cursor, and how many arguments of it.
function __weir_place
    set -l command weir
    set -l arguments 0
    set -l value no
    for word in (commandline -opc)[2..-1]
        if test $value = yes
            set value no
            continue
        end
        switch $word
            case --
                echo job
                return
            case '-*'
                contains -- "$command $word" $__weir_with_value; and set value yes
            case '*'
                if contains -- "$command $word" $__weir_commands
                    set command "$command $word"
                else
                    set arguments (math $arguments + 1)
                end
        end
    end
    echo $command
    echo $arguments
end

# COMMAND [ARGUMENTS]
function __weir_at
    set -l place (__weir_place)
    test "$place[1]" = "$argv[1]"; or return
    test (count $argv) -lt 2; or test "$place[2]" = "$argv[2]"
end

complete -c weir -f
complete -c weir -n '__weir_at job' -F
)sh";

std::string fish_quoted(const std::string& text) {
  std::string escaped;
  for (const char c : text)
    escaped += c == '\\' ? std::string("\\\\") : std::string(1, c);
  return completion::quoted(escaped, "\\'");
}

bool takes_files(const value_taken& value) {
  return value.kind == value_kind::file || value.kind == value_kind::path;
}

/// What completes a value, as arguments of `complete`.
std::string fish_action(const value_taken& value) {
  switch (value.kind) {
  case value_kind::any:
    return "";
  case value_kind::choice:
    return std::string(" -a ").append(fish_quoted(completion::joined(value.choices)));
  case value_kind::file:
  case value_kind::path:
    return " -F";
  case value_kind::directory:
    return " -a '(__fish_complete_directories)'";
  case value_kind::job_library:
    return " -k -a '(__fish_complete_suffix .so)'";
  case value_kind::running_job:
    return " -a '(weir completion jobs 2>/dev/null)'";
  case value_kind::configuration:
    return " -a '(__weir_configuration)'";
  }
  return "";
}

/// "__weir_at \"weir run\" 0" as a condition.
std::string fish_at(const command_entry& command, const std::string& arguments = "") {
  return std::string("complete -c weir -n '__weir_at \"").append(line_of(command)) +
         "\"" + arguments + "'";
}

std::string fish_option(const command_entry& command, const option_entry& option) {
  std::string line = fish_at(command);
  for (const std::string& name : option.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (option.value)
    line += (takes_files(*option.value) ? " -r" : " -x") + fish_action(*option.value);
  return line + " -d " + fish_quoted(completion::brief(option.summary)) + "\n";
}

std::string fish_lines(const command_entry& command) {
  std::string lines;
  for (const command_entry& each : command.commands)
    lines += fish_at(command) + " -a " + each.name() + " -d " +
             fish_quoted(completion::brief(each.summary)) + "\n";
  for (const option_entry& option : command.options)
    lines += fish_option(command, option);
  for (std::size_t i = 0; i < command.arguments.size(); ++i) {
    const argument_entry& argument = command.arguments[i];
    const std::string action = fish_action(argument.value);
    if (!action.empty())
      lines +=
          fish_at(command,
                  argument.repeats ? "" : std::string(" ").append(std::to_string(i))) +
          action + "\n";
  }
  return lines;
}

std::string fish_configuration(const command_tree& tree) {
  std::string text = "function __weir_configuration\n"
                     "    if string match -q '*=*' -- (commandline -ct)\n"
                     "        printf '%s\\n'";
  for (const configuration_entry& each : tree.configuration)
    for (const std::string& choice : each.choices)
      text +=
          std::string(" \\\n            ").append(fish_quoted(each.name + "=" + choice));
  text += "\n        return\n    end\n    printf '%s\\t%s\\n'";
  for (const configuration_entry& each : tree.configuration)
    text += std::string(" \\\n        ").append(fish_quoted(each.name + "=")) + " " +
            fish_quoted(completion::brief(each.summary));
  return text + "\nend\n";
}

} // namespace

std::string fish_completion(const command_tree& tree) {
  std::string text = "# Completion of weir for fish: weir completion fish\n\n";
  std::string commands;
  std::string with_value;
  std::string lines;
  for_each_command(tree.top, [&](const command_entry& each) {
    commands += std::string(" ").append(fish_quoted(line_of(each)));
    for (const option_entry& option : each.options)
      for (const std::string& name : option.names)
        if (option.value)
          with_value += std::string(" ").append(fish_quoted(line_of(each) + " " + name));
    lines += fish_lines(each);
  });
  return text + "set -g __weir_commands" + commands + "\nset -g __weir_with_value" +
         with_value + "\n\n" + fish_configuration(tree) + fish_functions + lines;
}

} // namespace weir::cli
