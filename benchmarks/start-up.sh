#!/usr/bin/env bash
# Starts the application of the benchmarks without the starter and with it, in turn, and prints the
# processor time of the main thread until the application is ready: of a plain JVM, and of one with
# an archive of the application's classes (the AOT cache from Java 25 on, CDS before).
#
#   benchmarks/start-up.sh [rounds]         default: 10; JAVA_HOME names the JDK
#
# benchmarks/run.sh must have built the application: "benchmarks/run.sh report" is enough.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/target"

rounds=${1:-10}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
keytool -genkeypair -alias benchmark -keyalg EC -groupname secp256r1 -storetype PKCS12 -dname CN=localhost \
  -keystore "$work/key.p12" -storepass benchmark 2> /dev/null

version=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/ *java.specification.version = //p')
if ((version >= 25)); then create=-XX:AOTCacheOutput= use=-XX:AOTCache=; else create=-XX:ArchiveClassesAtExit= use=-XX:SharedArchiveFile=; fi

# application VARIANT OPTION...   an archive only fits the class path it was created with, which must consist of jars
application() {
  local variant=$1 class_path
  shift
  class_path=$(printf '%s:' benchmarks-*.jar class-path/application/*.jar)
  [[ $variant == without ]] || class_path+=$(printf '%s:' class-path/starter/*.jar)
  exec "$java" -Xms512m -Xmx512m -XX:+UseSerialGC "$@" -cp "${class_path%:}" \
    io.github.tlsshutdown.benchmarks.application.BenchmarkApplication --server.ssl.key-store="file:$work/key.p12"
}

# start VARIANT OPTION...   prints the milliseconds, which are the last field of the line that says that it is ready
start() {
  local line pid out
  exec {out}< <(application "$@" 2>&1)
  pid=$!
  while read -r -u "$out" line; do
    [[ $line != READY* ]] || break
  done
  kill -KILL "$pid"
  exec {out}<&-
  echo "$((${line##* } / 1000))"
}

for variant in without with; do
  (application "$variant" "$create$work/$variant" -Dspring.context.exit=onRefresh) > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
done
for ((round = 0; round < rounds; round++)); do
  for i in 0 1; do
    variants=(without with)
    variant=${variants[(round + i) % 2]}
    start "$variant" >> "$work/$variant.plain.ms"
    start "$variant" "$use$work/$variant" >> "$work/$variant.archive.ms"
  done
done

echo "Java $version, processor time of the main thread until the application is ready, ms: median (min–max) of $rounds"
for kind in plain archive; do
  for variant in without with; do
    sort -n "$work/$variant.$kind.ms" | awk -v name="$kind, $variant the starter" '{ a[NR] = $1 }
      END { printf "%-28s %d (%d–%d)\n", name, (a[int((NR + 1) / 2)] + a[int(NR / 2) + 1]) / 2, a[1], a[NR] }'
  done
done
