#!/usr/bin/env bash
# Builds the benchmarks, runs them and writes docs/benchmarks*.md.
#
#   benchmarks/run.sh [--quick] [connections] [one-jvm] [requests] [data-path] [waiting] [micro] [delivery] [start-up]
#                     [fairness] [peers] [report]
#   benchmarks/run.sh build               only builds
#
# The parts one-jvm, requests, connections, data-path, waiting and delivery exist for the other servers, too: with
# "-jetty" or "-reactor-netty" behind their names. Without a name, all parts are run; "report" alone
# writes the documents from earlier results. A quick run, which only shows that all works, leaves the
# documents alone: it writes to benchmarks/target.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# Peers that wait need a descriptor each, on both sides
ulimit -Sn "$(ulimit -Hn)"

(cd .. && mvn -q -B -Pbenchmarks -pl benchmarks -am -DskipTests package < /dev/null)

# Class paths of the other servers
boot=$(basename target/class-path/application/spring-boot-[0-9]*.jar .jar)
for server in jetty reactor-netty; do
  rm -rf "target/class-path/$server"
  mvn -q -B -f "src/servers/$server.pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -Dspring-boot.version="${boot#spring-boot-}" -DincludeScope=runtime -DoutputDirectory="$PWD/target/class-path/$server" < /dev/null
done
[[ $* != build ]] || exit 0

java=java
[[ -z ${JAVA_HOME:-} ]] || java=$JAVA_HOME/bin/java
exec "$java" -Xmx2g -cp "target/classes:target/class-path/application/*:target/class-path/starter/*:target/class-path/load/*" \
  io.github.tlsshutdown.benchmarks.Benchmarks "$@"
