# shellcheck shell=bash disable=SC2034
# What the scripts below this folder have in common. They source it, after "set -euo pipefail".
#
# Sets java and work, a directory of the script's own. Whatever way the script ends, the directory
# is removed, and the processes are ended that the script has added to pids.

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
pids=()

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# What else is to be done when the script fails, for scripts to define anew
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
