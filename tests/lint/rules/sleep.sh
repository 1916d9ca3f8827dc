# Tests wait for events, never for time.
source "$(dirname "$0")/../common.sh"

message='a test waits for an event, not for time'
sources | { grep '^tests/' || true; } |
  forbid_code '(^|[^A-Za-z0-9_])(sleep_for|sleep_until|usleep|nanosleep|sleep)[ ]*\(' "$message"
files '*.sh' '*.py' | { grep '^tests/' || true; } |
  forbid_code '(^|[^A-Za-z0-9_-])(sleep +[0-9.$]|sleep\()' "$message"
