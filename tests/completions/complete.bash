# What bash completes, in a directory with `chk-7/`, `job one.so` and `notes.txt`:
#   complete.bash COMPLETION
set -u
failures=0

source "$1"
[[ $(complete -p weir) == 'complete -F _weir weir' ]] || {
  echo "complete -p says $(complete -p weir)"
  failures=1
}

# WORDS up to the cursor, as bash parts them, and what they may become, by name.
completes() { # WORD... -- CANDIDATE...
  COMP_WORDS=(weir)
  while [[ $1 != , ]]; do
    COMP_WORDS+=("$1")
    shift
  done
  shift
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _weir
  local found wanted
  found=$(printf '%s|' "${COMPREPLY[@]}")
  wanted=$(printf '%s|' "$@")
  [[ $found == "$wanted" ]] || {
    printf 'bash: %s\n  completes %s\n  instead of %s\n' "${COMP_WORDS[*]}" "$found" "$wanted"
    failures=1
  }
}

completes ch , checkpoint
completes checkpoint v , verify
completes checkpoint show -- , --help --json --data-dir
completes run --cl , --claim-mode
completes run --claim-mode '' , no-claim claim
completes run --claim-mode = n , no-claim
completes run --claim-mode = , no-claim claim
completes run -D restart-strategy.t , restart-strategy.type=
completes run -D restart-strategy.type = f , fixed-delay failure-rate
completes run -D execution.checkpointing.force = , true false
completes run -D restart-strategy.type = none -q '' , chk-7 'job one.so'
completes run -c '' , chk-7 'job one.so' notes.txt
completes run x.so -- n , notes.txt
completes run -s file : ///et , # an address is one word
completes checkpoint list '' , chk-7
completes checkpoint rm a b n , notes.txt
completes checkpoint copy a '' , chk-7
completes config check -D state.backend.type = f , filesystem
completes completion '' , bash zsh fish
completes info '' ,
completes help- , # hidden
weir() { [[ $* == 'completion jobs' ]] && printf '%s\n' 1d6e 2fa0; }
completes checkpoint 2 , 2fa0 # a command with commands takes arguments as well
completes cancel '' , 1d6e 2fa0
completes savepoint --json 2 , 2fa0
exit "$failures"
