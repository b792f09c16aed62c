#!/usr/bin/env bash
# Proves the dashboard and the alert rules on a real Prometheus, which scrapes the packaged sample
# application. As long as there are only healthy clients, nothing is lost and no alert is raised. When
# clients end their connections in every way and some lose something, each query of each panel, of the
# annotations and of a dashboard variable, and each alert has to return numbers.
#
# Needs java, curl, openssl, jq and Prometheus (Debian: apt-get install jq prometheus), and what
# "mvn package" has built. Uses the loopback interface only and leaves no process behind.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
readonly dashboard=$PWD/grafana-dashboard.json rules=$PWD/prometheus-alerts.yml rule_tests=$PWD/prometheus-alerts-test.yml
readonly runbook=$PWD/../runbook.md
readonly classes=$PWD/../../autoconfigure/target/test-classes
readonly max_pending=5
readonly deadline=300

# shellcheck source=docs/common.sh
. ../common.sh

failed() {
  local log
  for log in "$work"/*.log; do
    [[ ! -e $log ]] || { echo "--- the end of $(basename "$log")" >&2; tail -n 15 "$log" >&2; }
  done
}

# Repeats a command until it succeeds.
await() {
  local what=$1
  shift
  until "$@"; do
    [[ $SECONDS -lt $deadline ]] || fail "$what: not within $deadline s"
    for pid in "${pids[@]}"; do
      kill -0 "$pid" 2> /dev/null || fail "$what: a process has ended"
    done
    sleep 0.3
  done
}

fetch() {
  curl -sS --max-time 10 "$@"
}

# --- Start both

need "$java" curl openssl jq prometheus promtool
find_sample
[[ -d $classes ]] || fail "Run mvn -B package first: there must be autoconfigure/target/test-classes"

promtool check rules "$rules"
promtool test rules "$rule_tests"

while IFS=$'\t' read -r name url; do
  anchor=${url##*docs/runbook.md#}
  [[ $anchor == "${name,,}" ]] || fail "alert $name: leads to $url"
  grep -qx "## $name" "$runbook" || fail "alert $name: no section in the runbook"
done < <(sed -n 's/^ *- alert: //p; s/^ *runbook_url: //p' "$rules" | paste - -)

(
  cd "$work"
  exec "$java" -XX:TieredStopAtLevel=1 -jar "$jar" --server.address=127.0.0.1 --server.port=0 \
    --tls.shutdown.max-pending=$max_pending --tls.shutdown.timeout=4s --tls.shutdown.max-wait=8s \
    --tls.shutdown.max-discard=2MB --server.ssl.client-auth=want --server.tomcat.connection-timeout=2s \
    --management.metrics.distribution.percentiles-histogram.tls.shutdown=true
) > "$work/application.log" 2>&1 &
pids+=($!)

application_port() {
  port=$(sed -n 's/.*Tomcat started on port \([0-9]*\) (https).*/\1/p' "$work/application.log")
  [[ -n $port ]]
}
await "start of the application" application_port
readonly endpoint=https://127.0.0.1:$port/actuator/tlsshutdown

cat > "$work/prometheus.yml" << EOF
global:
  scrape_interval: 1s
  evaluation_interval: 1s
rule_files:
  - $rules
scrape_configs:
  - job_name: sample
    scheme: https
    metrics_path: /actuator/prometheus
    tls_config:
      insecure_skip_verify: true
    static_configs:
      - targets: ["127.0.0.1:$port"]
EOF
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" \
  --web.listen-address=127.0.0.1:0 > "$work/prometheus.log" 2>&1 &
pids+=($!)

prometheus_address() {
  prometheus=$(sed -n 's/.*msg="Listening on" address=\(127\.0\.0\.1:[1-9][0-9]*\).*/\1/p' "$work/prometheus.log")
  [[ -n $prometheus ]]
}
await "start of Prometheus" prometheus_address

# api PATH [NAME=VALUE ...]: what Prometheus answers, whatever it is
api() {
  local path=$1 parameters=()
  shift
  for parameter in "$@"; do
    parameters+=(--data-urlencode "$parameter")
  done
  fetch -G "http://$prometheus/api/v1/$path" "${parameters[@]}"
}

scraped() {
  api query 'query=sum(tls_shutdown_seconds_count) + count(up == 1)' | jq -e '.data.result != []' > /dev/null
}
await "first scrape" scraped
# A rate needs a sample from before
sleep 1

# --- Healthy clients lose nothing, under every policy

# clients POLICY CLASS [ARGUMENT ...]
clients() {
  local policy=$1
  shift
  fetch -k -f -o "$work/changed.json" -H 'Content-Type: application/json' -d "{\"policy\":\"$policy\"}" "$endpoint"
  timeout 120 "$java" -XX:TieredStopAtLevel=1 -cp "$classes:$classes/../classes" "io.github.tlsshutdown.testsupport.$1" "$port" "${@:2}" &
  # In the background, as a signal to the script would wait for what is in the foreground
  pids+=($!)
  wait "${pids[-1]}" || fail "The clients have failed"
  unset 'pids[-1]'
}

begin=$(date +%s)
for policy in unidirectional quiet bidirectional; do
  echo "Healthy clients: $policy"
  clients "$policy" Visitors healthy
done
# Seen by a scrape, and by an evaluation of the rules after it
sleep 3

substitute() {
  jq -nr --arg query "$1" --arg range "$((end - begin))s" '$query
    | gsub("\\$__rate_interval"; "5s") | gsub("\\$__range"; $range) | gsub("\\$(job|instance|connector)\\b"; ".*")'
}

end=$(date +%s)
for title in "Responses cut" "Requests cut" "Answers lost while uploading"; do
  query=$(substitute "$(jq -r --arg title "$title" '.panels[] | select(.title == $title) | .targets[0].expr' "$dashboard")")
  value=$(api query "query=$query" "time=$end" | jq -r '.data.result[0].value[1]')
  [[ $value == 0 ]] || fail "healthy clients: $title: $value: $query"
  printf 'ok  %-58s %s\n' "healthy clients: $title" "$value"
done
raised=$(api query_range "query=ALERTS" "start=$begin" "end=$end" step=1 | jq -c '[.data.result[].metric.alertname] | unique')
[[ $raised == '[]' ]] || fail "healthy clients: alerts: $raised"
ended=$(api query 'query=sum by (outcome) (tls_shutdown_seconds_count)' | jq -r '[.data.result[] | select(.value[1] != "0") | "\(.metric.outcome) \(.value[1])"] | join(", ")')
printf 'ok  %-58s %s\n' "healthy clients: no alert" "$ended"

# --- End connections in every way, under every policy, and lose something

# More than the alert allows
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=partner \
  -keyout "$work/partner.key" -out "$work/partner.crt" 2> "$work/openssl.log"
for _ in {1..10}; do
  if timeout 20 openssl s_client -connect "127.0.0.1:$port" -tls1_2 -cert "$work/partner.crt" -key "$work/partner.key" \
    < /dev/null > "$work/openssl.log" 2>&1; then
    fail "An untrusted certificate was accepted"
  fi
done

# More clients that never answer than may wait
echo "Clients end connections in every way"
clients bidirectional EveryEnding 3 $((max_pending + 3)) 5000
for policy in unidirectional quiet; do
  # So often that TLS failures are more than the alert allows, among all the healthy clients from before
  clients "$policy" EveryEnding 8 0 700
  clients "$policy" Visitors lossy
done

# --- Every outcome is counted, and Prometheus knows

fetch -k -f "$endpoint" > "$work/endpoint.json"
jq -c '[.connectors[0].counts[] | map_values(.local + .peer)] | map(to_entries) | add | group_by(.key)
  | map({key: .[0].key, value: map(.value) | add}) | from_entries' "$work/endpoint.json" > "$work/outcomes.json"
cat "$work/outcomes.json"
never=$(jq -r '[to_entries[] | select(.value == 0).key] | join(", ")' "$work/outcomes.json")
[[ -z $never ]] || fail "No connection has ended with: $never"
[[ $(jq length "$work/outcomes.json") -eq 10 ]] || fail "There are not ten outcomes"

# Connections may have ended since, as this script's own
counts_arrived() {
  api query 'query=sum by (outcome) (tls_shutdown_seconds_count)' \
    | jq -e --slurpfile outcomes "$work/outcomes.json" '
        (.data.result | map({(.metric.outcome): (.value[1] | tonumber)}) | add) as $scraped
        | $outcomes[0] | to_entries | all($scraped[.key] >= .value)' > /dev/null
}
await "Prometheus has all outcomes" counts_arrived
end=$(date +%s)

# --- Evaluate

answers=0

# has_numbers NAME QUERY RESPONSE: fails unless there is a number other than 0 among the samples
has_numbers() {
  local found
  found=$(jq -r 'if .status == "success" then
        [.data.result[] | [(.values // [.value])[][1] | select(IN("NaN", "+Inf", "-Inf") or tonumber == 0 | not)] | length | select(. > 0)]
        | "\(length) series, \(add // 0) samples"
      else .error end' <<< "$3")
  [[ $found == *" samples" ]] || fail "$1: $found: $2"
  [[ $found != "0 series"* ]] || fail "$1: no data: $2"
  printf 'ok  %-58s %s\n' "$1" "$found"
  answers=$((answers + 1))
}

# over_time NAME QUERY: evaluates at each second since the clients began, as a graph does
over_time() {
  has_numbers "$1" "$2" "$(api query_range "query=$2" "start=$begin" "end=$end" step=1)"
}

while IFS=$'\t' read -r title reference instant query; do
  query=$(substitute "$query")
  [[ $query != *'$'* ]] || fail "$title, $reference: unknown variable in $query"
  if [[ $instant == true ]]; then
    has_numbers "panel: $title, $reference" "$query" "$(api query "query=$query" "time=$end")"
  else
    over_time "panel: $title, $reference" "$query"
  fi
done < <(jq -r '.panels[] | .title as $title | .targets[] | [$title, .refId, .instant // false, .expr] | join("\t")' "$dashboard")
panel_queries=$(jq '[.panels[].targets[]] | length' "$dashboard")
[[ $answers -eq $panel_queries && $answers -gt 0 ]] || fail "$answers of $panel_queries queries of panels were evaluated"

annotations=0
while IFS=$'\t' read -r name query; do
  over_time "annotation: $name" "$(substitute "$query")"
  annotations=$((annotations + 1))
done < <(jq -r '.annotations.list[] | [.name, .expr] | join("\t")' "$dashboard")
[[ $annotations -gt 0 ]] || fail "no annotation was evaluated"

variables=0
while IFS=$'\t' read -r name query; do
  [[ $query =~ ^label_values\((.*),\ ([a-z]+)\)$ ]] || fail "variable $name: $query is not understood"
  values=$(api "label/${BASH_REMATCH[2]}/values" "match[]=$(substitute "${BASH_REMATCH[1]}")" | jq -r '.data // [] | join(", ")')
  [[ -n $values ]] || fail "variable $name: no data: $query"
  printf 'ok  %-58s %s\n' "variable: $name" "$values"
  variables=$((variables + 1))
done < <(jq -r '.templating.list[] | select(.type == "query") | [.name, .query.query] | join("\t")' "$dashboard")
[[ $variables -eq $(jq '[.templating.list[] | select(.type == "query")] | length' "$dashboard") ]] || fail "$variables variables were evaluated"

api rules > "$work/rules.json"
alerts=0
while IFS=$'\t' read -r name health query; do
  [[ $health == ok ]] || fail "alert $name: evaluated as $health"
  # With its threshold: the clients were bad enough
  over_time "alert: $name" "$query"
  over_time "alert: $name, raised" "ALERTS{alertname=\"$name\"}"
  alerts=$((alerts + 1))
done < <(jq -r '.data.groups[].rules[] | select(.type == "alerting") | [.name, .health, .query] | join("\t")' "$work/rules.json")
[[ $alerts -eq $(grep -c -- '- alert:' "$rules") && $alerts -gt 0 ]] || fail "$alerts alerts were evaluated"

echo "All $panel_queries queries of panels and all $alerts alerts answer with data, $SECONDS s."
