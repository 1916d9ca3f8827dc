# What fish completes, in a directory with `chk-7/`, `job one.so` and `notes.txt`:
#   complete.fish COMPLETION
set failures 0

source $argv[1]

# LINE, and what its last word may become, sorted
function completes
    set -l found (complete -C $argv[1] | string replace -r '\t.*' '' | sort)
    if test "$found" != "$argv[2..-1]"
        printf 'fish: %s\n  completes %s\n  instead of %s\n' $argv[1] "$found" "$argv[2..-1]"
        set -g failures 1
    end
end

function weir
    printf '%s\n' 1d6e 2fa0
end

completes 'weir ch' checkpoint
completes 'weir checkpoint v' verify
completes 'weir checkpoint show --' --data-dir --help --json
completes 'weir run --cl' --claim-mode
completes 'weir run --claim-mode ' claim no-claim
completes 'weir run --claim-mode=n' --claim-mode=no-claim
completes 'weir run -D restart-strategy.t' restart-strategy.type=
completes 'weir run -D restart-strategy.type=f' restart-strategy.type=failure-rate restart-strategy.type=fixed-delay
completes 'weir run -c ' chk-7/ 'job one.so' notes.txt
completes 'weir run j' 'job one.so'
completes 'weir run x.so -- n' notes.txt
completes 'weir checkpoint list ' chk-7/
completes 'weir checkpoint rm a b n' notes.txt
completes 'weir completion ' bash fish zsh
completes 'weir help-'
completes 'weir checkpoint 2' 2fa0
completes 'weir cancel ' 1d6e 2fa0
completes 'weir savepoint --json 2' 2fa0
exit $failures
