#!/usr/bin/env bash
# Restarts two instances one after the other, on each server, with the starter and without, and counts the requests that
# their clients lose: behind HAProxy, and at the same time without a balancer. Prints the tables of
# docs/rolling-restarts.md. Takes about 15 minutes, and listens on the loopback interface only.
#
#   benchmarks/rolling-restarts/run.sh [RESTARTS [tomcat|jetty|reactor-netty]...]
#
# Needs java, Maven, haproxy, node and curl, and uses go if it is installed. CLIENT_JAVA is the java that runs the
# clients, to compare. With VERBOSE=true, each failure is printed as well.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
readonly restarts=${1:-10}
shift || true
servers=("$@")
((${#servers[@]})) || servers=(tomcat jetty reactor-netty)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

class_path() {
  mvn -q -B -f "$1" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath "${@:2}" \
    -Dmdep.outputFile="$work/class-path" < /dev/null > /dev/null
  cat "$work/class-path"
}

(cd ../.. && mvn -q -B -pl autoconfigure -DskipTests compile < /dev/null)
boot=$(sed -n 's:.*<spring-boot.version>\(.*\)</spring-boot.version>.*:\1:p' ../../docs/clients/pom.xml)
clients=$(class_path ../../docs/clients/pom.xml)
mkdir "$work/clients"
javac -nowarn -d "$work/clients" -sourcepath . -cp "$clients" RollingRestarts.java
if command -v go > /dev/null; then
  GO111MODULE=off GOTOOLCHAIN=local go build -o "$work/client-go" client.go
fi

arguments=()
for server in "${servers[@]}"; do
  libraries=$(class_path "$server.pom.xml" -Dspring-boot.version="$boot")
  instance=ServletInstance
  [[ $server != reactor-netty ]] || instance=ReactiveInstance
  javac -nowarn -d "$work/$server" -cp "$libraries" "$instance.java"
  arguments+=("$server=$work/$server:$PWD/../../autoconfigure/target/classes:$libraries")
done
"${CLIENT_JAVA:-java}" -cp "$work/clients:$clients" -Dorg.slf4j.simpleLogger.defaultLogLevel=off -Dverbose="${VERBOSE:-false}" \
  RollingRestarts "$work" "$restarts" "${arguments[@]}"
