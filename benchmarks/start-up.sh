#!/usr/bin/env bash
# Counts the instructions of the main thread of the application of the benchmarks until it is ready,
# without the starter and with it: of a plain JVM, of one with an archive of the application's classes
# (the AOT cache from Java 25 on, CDS before), and of one whose beans were processed ahead of time, too.
# Times vary by more than the difference. Counts do not, if methods are compiled in the foreground:
# QEMU counts what it executes.
#
#   benchmarks/start-up.sh [rounds [server]]   default: 2 tomcat; other servers are jetty and
#                                              reactor-netty; JAVA_HOME names the JDK
#
# Needs QEMU's user mode (qemu-user) and a C compiler. "benchmarks/run.sh build" must have built the
# application.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/target"

kinds="plain archive processed"
rounds=${1:-2}
server=${2:-tomcat}
main=io.github.tlsshutdown.benchmarks.application.BenchmarkApplication
libraries=class-path/$server
options=(--server.http2.enabled=false)
case $server in
  tomcat) libraries=class-path/application options=() ;;
  reactor-netty) main=io.github.tlsshutdown.benchmarks.reactive.ReactiveApplication ;;
esac
java=$(readlink -f "$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -shared -fPIC -O2 -Wno-unused -o "$work/libinstructions.so" ../instructions.c
keytool -genkeypair -alias benchmark -keyalg EC -groupname secp256r1 -storetype PKCS12 -dname CN=localhost \
  -keystore "$work/key.p12" -storepass benchmark 2> /dev/null

version=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/ *java.specification.version = //p')
if ((version >= 25)); then create=-XX:AOTCacheOutput= use=-XX:AOTCache=; else create=-XX:ArchiveClassesAtExit= use=-XX:SharedArchiveFile=; fi

class_path() {
  printf '%s:' benchmarks-*.jar "$libraries"/*.jar
  [[ $1 == without ]] || printf '%s:' class-path/starter/*.jar
}

# process VARIANT   a jar with what Spring's ahead-of-time processing decides about the application's beans
process() {
  local class_path output=$work/beans-$1
  class_path=$(class_path "$1")
  "$java" -cp "${class_path%:}" org.springframework.boot.SpringApplicationAotProcessor "$main" "$output/sources" \
    "$output/resources" "$output/classes" benchmarks "$1" --server.ssl.key-store="file:$work/key.p12" "${options[@]}" &&
    find "$output/sources" -name '*.java' > "$output/list" &&
    "${java%java}javac" -proc:none -nowarn -cp "$output/classes:$class_path" -d "$output/classes" "@$output/list" &&
    "${java%java}jar" -c -f "$output.jar" -C "$output/classes" . -C "$output/resources" .
}

# application COMMAND VARIANT OPTION...   an archive only fits the class path it was created with, which must consist of jars
application() {
  local command=$1 variant=$2 class_path
  shift 2
  class_path=$(class_path "$variant")
  [[ $kind != processed ]] || { class_path=$work/beans-$variant.jar:$class_path; set -- -Dspring.aot.enabled=true "$@"; }
  exec $command "$java" -Xms512m -Xmx512m -XX:+UseSerialGC "$@" -cp "${class_path%:}" \
    "$main" --server.ssl.key-store="file:$work/key.p12" "${options[@]}"
}

# start NAME COMMAND VARIANT OPTION...   ends it when it is ready; the last fields of that line are the number of
# classes and the microseconds of the main thread
start() {
  local line pid out name=$1
  shift
  exec {out}< <(application "$@" 2>&1)
  pid=$!
  while read -r -u "$out" line; do
    [[ $line != READY* ]] || break
  done
  [[ $line == READY* ]] || { echo "It did not start" >&2; return 1; }
  kill -TERM "$pid"
  while read -r -u "$out"; do :; done
  exec {out}<&-
  # The count is written when it ends
  wait "$pid" || :
  echo "$line" > "$work/$name.ready"
}

# count KIND VARIANT
count() {
  local kind=$1 variant=$2 name=$1.$2 arguments=(-Xbatch)
  [[ $kind == plain ]] || arguments+=("$use$work/$kind-$variant")
  start "$name" "qemu-$(uname -m) -plugin $work/libinstructions.so,count=$work/$name.count" "$variant" "${arguments[@]}"
  cat "$work/$name.count" >> "$work/$name"
  rm "$work/$name.count"
}

median() { sort -n "$@" | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

for variant in without with; do
  process "$variant" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  for kind in archive processed; do
    (application "" "$variant" "$create$work/$kind-$variant" -Dspring.context.exit=onRefresh) > "$work/log" 2>&1 ||
      { cat "$work/log"; exit 1; }
  done
done

for ((round = 0; round < rounds; round++)); do
  for kind in $kinds; do
    count "$kind" without &
    pid=$!
    count "$kind" with
    wait "$pid"
  done
done

echo "Java $version, $server: millions of instructions of the main thread until the application is ready"
for kind in $kinds; do
  for ((i = 0; i < 5; i++)); do
    start "$kind.time" "" without $([[ $kind == plain ]] || echo "$use$work/$kind-without")
    awk '{ print $NF / 1000 }' "$work/$kind.time.ready" >> "$work/$kind.times"
  done
  awk -v kind="$kind" -v without="$(median "$work/$kind.without")" -v with="$(median "$work/$kind.with")" \
    -v classes="$(($(awk '{ print $(NF - 1) }' "$work/$kind.with.ready") - $(awk '{ print $(NF - 1) }' "$work/$kind.without.ready")))" \
    -v time="$(median "$work/$kind.times")" 'BEGIN {
      more = with - without
      printf "%-9s %.0f without the starter, %.0f with it: %.0f more (%.2f %%), %d classes more\n",
        kind, without / 1e6, with / 1e6, more / 1e6, 100 * more / without, classes
      printf "%-9s %.0f ms without the starter (median of 5), so %.0f ms more\n", "", time, time * more / without
    }'
done
