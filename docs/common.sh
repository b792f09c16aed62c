# shellcheck shell=bash disable=SC2034
# Functions shared by the scripts below this folder. They source it, after "set -euo pipefail".
#
# Sets java and work, a temporary directory. However the script ends, the directory is removed, and
# the processes that the script has added to pids are ended.

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
pids=()

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# Called when the script fails; scripts can override it
failed() {
  :
}

finish() {
  local status=$? pid
  trap - EXIT
  [[ $status -eq 0 ]] || failed
  for pid in "${pids[@]}"; do
    kill "$pid" 2> /dev/null || true
  done
  for pid in "${pids[@]}"; do
    # The signal's status is not the script's
    wait "$pid" 2> /dev/null || true
  done
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# need COMMAND ...
need() {
  local tool
  for tool in "$@"; do
    command -v "$tool" > /dev/null || fail "$tool is missing"
  done
}

# find_sample: sets jar to the packaged sample application
find_sample() {
  local target jars
  target=$(dirname "${BASH_SOURCE[0]}")/../sample-app/target
  jars=("$target"/sample-app-*.jar)
  [[ ${#jars[@]} -eq 1 && -f ${jars[0]} ]] || fail "Run mvn -B package first: there must be one sample-app/target/sample-app-*.jar"
  jar=$(realpath "${jars[0]}")
}
