#!/usr/bin/env bash
# Starts the application of the benchmarks without the starter and with it, both at once on one
# processor each, and once more with the processors exchanged. Prints the processor time of the main
# thread until the application is ready: of a plain JVM, and of one with an archive of the
# application's classes (the AOT cache from Java 25 on, CDS before). What else the machine does slows
# down both alike.
#
#   benchmarks/start-up.sh [rounds [server]]   default: 10 tomcat; other servers are jetty and
#                                              reactor-netty; JAVA_HOME names the JDK
#
# "benchmarks/run.sh build" must have built the application.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/target"

rounds=${1:-10}
server=${2:-tomcat}
main=io.github.tlsshutdown.benchmarks.application.BenchmarkApplication
libraries=class-path/$server
options=(--server.http2.enabled=false)
case $server in
  tomcat) libraries=class-path/application options=() ;;
  reactor-netty) main=io.github.tlsshutdown.benchmarks.reactive.ReactiveApplication ;;
esac
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
keytool -genkeypair -alias benchmark -keyalg EC -groupname secp256r1 -storetype PKCS12 -dname CN=localhost \
  -keystore "$work/key.p12" -storepass benchmark 2> /dev/null

version=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/ *java.specification.version = //p')
if ((version >= 25)); then create=-XX:AOTCacheOutput= use=-XX:AOTCache=; else create=-XX:ArchiveClassesAtExit= use=-XX:SharedArchiveFile=; fi

# application PROCESSORS VARIANT OPTION...   an archive only fits the class path it was created with, which must consist of jars
application() {
  local processors=$1 variant=$2 class_path
  shift 2
  class_path=$(printf '%s:' benchmarks-*.jar "$libraries"/*.jar)
  [[ $variant == without ]] || class_path+=$(printf '%s:' class-path/starter/*.jar)
  exec taskset -c "$processors" "$java" -Xms512m -Xmx512m -XX:+UseSerialGC "$@" -cp "${class_path%:}" \
    "$main" --server.ssl.key-store="file:$work/key.p12" "${options[@]}"
}

# start PROCESSOR VARIANT OPTION...   prints the microseconds, which are the last field of the line that says that it is ready
start() {
  local line pid out
  exec {out}< <(application "$@" 2>&1)
  pid=$!
  while read -r -u "$out" line; do
    [[ $line != READY* ]] || break
  done
  kill -KILL "$pid"
  exec {out}<&-
  [[ $line == READY* ]] || { echo "It did not start: $line" >&2; return 1; }
  echo "${line##* }"
}

# together KIND SWAPPED   prints the microseconds without the starter and with it
together() {
  local kind=$1 swapped=$2 number=0 pids=() arguments
  for variant in without with; do
    arguments=()
    [[ $kind == plain ]] || arguments=("$use$work/$variant")
    start $(((number++ + swapped) % 2)) "$variant" "${arguments[@]}" > "$work/$variant.micros" &
    pids+=($!)
  done
  wait "${pids[0]}"
  wait "${pids[1]}"
  paste "$work"/{without,with}.micros
}

for variant in without with; do
  (application "0-$(($(nproc) - 1))" "$variant" "$create$work/$variant" -Dspring.context.exit=onRefresh) > "$work/log" 2>&1 ||
    { cat "$work/log"; exit 1; }
done

# Round 0 fills the page cache
for ((round = 0; round <= rounds; round++)); do
  for kind in plain archive; do
    # One processor may be slower than the other: each variant has each, and the mean counts
    { together "$kind" 0; together "$kind" 1; } | awk '{ a += $1 / 2; b += $2 / 2 } END { print a, b }' > "$work/round"
    ((round == 0)) || cat "$work/round" >> "$work/$kind"
  done
done

echo "Java $version, $server, $rounds rounds: processor time of the main thread until the application is ready, ms"
# Half of all values are below the median; its bounds are those that hold with a confidence of 95 %
for kind in plain archive; do
  for column in '$1' '$2' '$2 - $1'; do
    awk "{ print $column }" "$work/$kind" | sort -n | awk -v name="$kind, $column" '{ a[NR] = $1 / 1000 }
      function at(i) { return a[i < 1 ? 1 : i > NR ? NR : i] }
      END {
        sub(/\$2 - \$1/, "difference", name); sub(/\$1/, "without the starter", name); sub(/\$2/, "with the starter", name)
        spread = 0.98 * sqrt(NR)
        printf "%-30s %.0f (%.0f to %.0f)\n", name, (at(int((NR + 1) / 2)) + at(int(NR / 2) + 1)) / 2,
          at(int(NR / 2 - spread + 0.5)), at(int(NR / 2 + spread + 1.5))
      }'
  done
done
