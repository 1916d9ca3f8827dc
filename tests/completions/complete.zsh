# What zsh makes of a line when somebody presses the tabulator, on a terminal of its own, in a
# directory with `chk-7/`, `job one.so` and `notes.txt`:  complete.zsh DIRECTORY_OF_FUNCTIONS
zmodload zsh/zpty
failures=0

# Behind the tabulator stands ^X, which prints the line.
zpty shell zsh -f -i
zpty -w shell "fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; unsetopt beep
  weir() { print 1d6e }
  show-line() { zle -I; print -r -- \"<<\$BUFFER>>\"; zle kill-whole-line }
  zle -N show-line; bindkey '^X' show-line; print LOA''DED"
zpty -r shell said '*LOADED*'

completes() { # LINE WANTED
  zpty -w -n shell "$1"$'\t\x18'
  zpty -r shell said '*<<*>>*'
  said=${${said##*<<}%%>>*}
  [[ $said == "$2" ]] || {
    print -r -- "zsh: $1
  becomes $said
  instead of $2"
    failures=1
  }
}

completes 'weir ch' 'weir checkpoint '
completes 'weir checkpoint v' 'weir checkpoint verify '
completes 'weir run --cl' 'weir run --claim-mode='
completes 'weir run --claim-mode n' 'weir run --claim-mode no-claim '
completes 'weir run --claim-mode=n' 'weir run --claim-mode=no-claim '
completes 'weir run -D restart-strategy.t' 'weir run -D restart-strategy.type='
completes 'weir run -D restart-strategy.type=fi' 'weir run -D restart-strategy.type=fixed-delay '
completes 'weir run -c no' 'weir run -c notes.txt '
completes 'weir run j' 'weir run job\ one.so '
completes 'weir run x.so -- no' 'weir run x.so -- notes.txt '
completes 'weir checkpoint list c' 'weir checkpoint list chk-7/'
completes 'weir checkpoint rm a b no' 'weir checkpoint rm a b notes.txt '
completes 'weir completion f' 'weir completion fish '
completes 'weir help-' 'weir help-'
completes 'weir checkpoint 1' 'weir checkpoint 1d6e '
completes 'weir cancel 1' 'weir cancel 1d6e '
completes 'weir savepoint --json 1' 'weir savepoint --json 1d6e '
zpty -d shell
exit $failures
