# An exception ends a task or a command, so it is caught where those end, and where a foreign
# exception becomes a weir::error.
source "$(dirname "$0")/../common.sh"

allowed() { # FILE
  case $1 in
    runtime/caf/task_actor.cpp) ;;     # reports the failure and dies
    runtime/caf/uploader_actor.cpp) ;; # declines the checkpoint
    runtime/caf/reader_actor.cpp) ;;   # reports what it cannot read, and dies
    runtime/yaml/*) ;;                 # translates what yaml-cpp throws
    runtime/config_file.cpp) ;;        # says all that is wrong with a file, not the first
    serialization/error.cpp) ;;        # says what any of these has caught
    runtime/testing/harness_attempt.cpp) ;; # reports the failure to the test
    runtime/testing/modes.cpp) ;;      # says in which mode a test has failed
    apps/weir/*) ;;                    # main prints and exits; CLI11 throws on bad usage
    apps/embedded/*) ;;                # likewise, in a program that embeds weir
    serialization/capnp/*) ;;          # translates kj::Exception
    state/rocksdb/*) ;;                # translates what RocksDB throws
    *) return 1 ;;
  esac
}

product_sources | forbid_code '(^|[^A-Za-z0-9_])catch[ ]*\(' \
  'not a place that catches; see tests/lint/rules/catch_sites.sh' |
  while IFS= read -r line; do
    allowed "${line%%:*}" || printf '%s\n' "$line"
  done
