#include "apps/weir/help/completion.hpp"

namespace weir::cli {

namespace {

using completion::joined;

constexpr const char* bash_beginning =
    "# Completion of weir for bash: weir completion bash\n\n";

constexpr const char* bash_functions = R"sh(
# Completes "$cur" of the kind "$1"; candidates begin with "$2".
_weir_reply() {
  local kind=$1 prefix=${2-} words=
  local cur=${cur#"$prefix"}
  case $kind in
    'choice '*) words=${kind#choice } ;;
    job) words=$("${COMP_WORDS[0]}" completion jobs 2>/dev/null) ;;
    configuration)
      if [[ $cur == *=* ]]; then
        prefix+=${cur%%=*}=
        words=$(_weir_choices "${cur%%=*}")
        cur=${cur#*=}
      else
        mapfile -t COMPREPLY < <(compgen -P "$prefix" -S = -W "$(_weir_keys)" -- "$cur")
        compopt -o nospace 2>/dev/null
        return
      fi ;;
    directory | library | file | path)
      _weir_files "$kind" "$prefix"
      return ;;
  esac
  mapfile -t COMPREPLY < <(compgen -P "$prefix" -W "$words" -- "$cur")
}

_weir_files() { # KIND PREFIX
  local filter=()
  [[ $1 != library ]] || filter=(-X '!*.so')
  # Directories are files, too.
  mapfile -t COMPREPLY < <({
    compgen -P "$2" -d -- "$cur"
    [[ $1 == directory ]] || compgen -P "$2" -f "${filter[@]}" -- "$cur"
  } | sort -u)
  compopt -o filenames 2>/dev/null
}

# The words up to the cursor, as they were written: bash parts them at = and :.
_weir_split() {
  local i word glued=
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $i -gt 1 && ($word == [=:]* || -n $glued) ]]; then
      words[-1]+=$word
    else
      words+=("$word")
    fi
    glued=
    [[ $word != *[=:] ]] || glued=yes
  done
}

_weir() {
  local words=() command=weir arguments=0 kind= i word cur part
  COMPREPLY=()
  _weir_split
  cur=${words[-1]}
  for ((i = 1; i < ${#words[@]} - 1; i++)); do
    word=${words[i]}
    if [[ -n $kind ]]; then
      kind=
    elif [[ $word == -- ]]; then
      kind=path # what the job takes
      break
    elif [[ $word == -* ]]; then
      kind=$(_weir_value "$command" "$word")
    elif [[ " $(_weir_commands "$command") " == *" $word "* ]]; then
      command+=" $word"
    else
      arguments=$((arguments + 1))
    fi
  done
  if [[ -n $kind ]]; then
    _weir_reply "$kind"
  elif [[ $cur == --*=* ]]; then
    _weir_reply "$(_weir_value "$command" "${cur%%=*}")" "${cur%%=*}="
  elif [[ $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_weir_options "$command")" -- "$cur")
  else
    _weir_reply "$(_weir_argument "$command" "$arguments")"
    [[ $arguments -gt 0 ]] || # a command may take arguments as well
      mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W "$(_weir_commands "$command")" -- "$cur")
  fi
  part=${COMP_WORDS[COMP_CWORD]}
  [[ $part != [=:] ]] || part=
  COMPREPLY=("${COMPREPLY[@]#"${cur%"$part"}"}")
}

complete -F _weir weir
)sh";

std::string bash_kind(const value_taken& value) {
  switch (value.kind) {
  case value_kind::any:
    return "any";
  case value_kind::choice:
    return std::string("choice ").append(joined(value.choices));
  case value_kind::file:
    return "file";
  case value_kind::directory:
    return "directory";
  case value_kind::path:
    return "path";
  case value_kind::job_library:
    return "library";
  case value_kind::running_job:
    return "job";
  case value_kind::configuration:
    return "configuration";
  }
  return "any";
}

/// A function that prints what belongs to its arguments: `cases` are lines of it.
std::string bash_table(const std::string& name, const std::string& cases) {
  return "_weir_" + name + "() {\n  case $* in\n" + cases + "  esac\n}\n";
}

std::string bash_case(const std::string& pattern, const std::string& printed) {
  return "    " + pattern + ") echo '" + printed + "' ;;\n";
}

std::string names_of(const std::vector<command_entry>& commands) {
  std::vector<std::string> names;
  for (const command_entry& each : commands)
    names.push_back(each.name());
  return joined(names);
}

std::string options_of(const command_entry& command) {
  std::string options;
  for (const option_entry& option : command.options)
    options.append(options.empty() ? "" : " ").append(joined(option.names));
  return options;
}

std::string value_cases(const command_entry& command) {
  std::string cases;
  for (const option_entry& option : command.options) {
    if (!option.value)
      continue;
    std::string patterns;
    for (const std::string& name : option.names)
      patterns.append(patterns.empty() ? "'" : " | '")
          .append(line_of(command) + " " + name + "'");
    cases += bash_case(patterns, bash_kind(*option.value));
  }
  return cases;
}

std::string argument_cases(const command_entry& command) {
  std::string cases;
  for (std::size_t i = 0; i < command.arguments.size(); ++i) {
    const argument_entry& argument = command.arguments[i];
    const std::string number = argument.repeats ? "'*" : std::to_string(i) + "'";
    cases += bash_case(std::string("'").append(line_of(command)) + " " + number,
                       bash_kind(argument.value));
  }
  return cases;
}

} // namespace

std::string bash_completion(const command_tree& tree) {
  std::string commands;
  std::string options;
  std::string values;
  std::string arguments;
  for_each_command(tree.top, [&](const command_entry& each) {
    const std::string pattern = std::string("'").append(line_of(each)) + "'";
    if (!each.commands.empty())
      commands += bash_case(pattern, names_of(each.commands));
    options += bash_case(pattern, options_of(each));
    values += value_cases(each);
    arguments += argument_cases(each);
  });
  std::vector<std::string> keys;
  std::string choices;
  for (const configuration_entry& each : tree.configuration) {
    keys.push_back(each.name);
    if (!each.choices.empty())
      choices += bash_case(each.name, joined(each.choices));
  }
  return bash_beginning + bash_table("commands", commands) +
         bash_table("options", options) + bash_table("value", values) +
         bash_table("argument", arguments) + bash_table("choices", choices) +
         "_weir_keys() {\n  echo '" + joined(keys, "\n") + "'\n}\n" + bash_functions;
}

} // namespace weir::cli
