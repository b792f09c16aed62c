#!/usr/bin/env bash
# Lets real clients talk to the packaged sample application, under each policy and without the
# starter, and writes what became of them into docs/clients.md, or, depending on the server that it
# was packaged with, docs/clients-jetty.md or docs/clients-reactor-netty.md. Fails if a client is worse
# off with the starter's default policy than without the starter.
#
#   docs/clients/run.sh                    installs the clients that are missing (Debian), writes the tables
#   docs/clients/run.sh --check            compares with the committed tables and writes nothing
#   docs/clients/run.sh --quick [--check]  uses only what is installed and writes nothing
#
# Needs java, Maven, curl, jq and openssl. Listens on the loopback interface, on ports that the
# system chooses, and leaves no process behind.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
readonly here=$PWD
readonly variants=(without unidirectional bidirectional quiet)
readonly scenarios=(hello bye nolength reject)
readonly rounds=3
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C.UTF-8

quick=false check=false
for argument in "$@"; do
  case $argument in
    --quick) quick=true ;;
    --check) check=true ;;
    *) echo "Usage: $0 [--quick] [--check]" >&2; exit 2 ;;
  esac
done

# shellcheck source=docs/common.sh
. ../common.sh
javac=${java}c

# --- The clients: key, what it needs, its name

readonly clients='
curl-http1    curl        curl, HTTP/1.1
curl-http2    curl        curl, HTTP/2
wget          wget        wget
openssl       openssl     openssl s_client
gnutls        gnutls-cli  gnutls-cli
go-http1      go          Go net/http, HTTP/1.1
go-http2      go          Go net/http, HTTP/2
node-https    node        Node.js https
node-fetch    node        Node.js fetch
python-http   python3     Python http.client
python-urllib python3     Python urllib
python-ssl    python3     Python ssl
jdk-http1     java        JDK HttpClient, HTTP/1.1
jdk-http2     java        JDK HttpClient, HTTP/2
urlconnection java        JDK HttpsURLConnection
apache        java        Apache HttpClient
okhttp-http1  java        OkHttp, HTTP/1.1
okhttp-http2  java        OkHttp, HTTP/2
netty-http1   java        Reactor Netty, HTTP/1.1
netty-http2   java        Reactor Netty, HTTP/2
chromium-http1 chromium   Chromium, HTTP/1.1
chromium-http2 chromium   Chromium, HTTP/2
nginx         nginx       nginx as a reverse proxy
haproxy       haproxy     HAProxy as a reverse proxy
'

package_of() {
  case $1 in
    gnutls-cli) echo gnutls-bin ;;
    go) echo golang-go ;;
    node) echo nodejs ;;
    nginx) echo nginx-light ;;
    *) echo "$1" ;;
  esac
}

version_of() {
  case $1 in
    curl) curl --version | awk 'NR == 1 { print $2 ", " $5 }' ;;
    wget) wget --version | awk 'NR == 1 { version = $3 } /^ *\+.*ssl|^.*\+ssl/ { match($0, /\+ssl\/[a-z]+/); tls = substr($0, RSTART + 5, RLENGTH - 5) } END { print version ", " tls }' ;;
    openssl) openssl version | awk '{ print $2 }' ;;
    gnutls-cli) gnutls-cli --version | awk 'NR == 1 { print $2 }' ;;
    go) go env GOVERSION | sed 's/^go//' ;;
    node) node -p 'process.versions.node + ", OpenSSL " + process.versions.openssl' ;;
    python3) python3 -c 'import platform, ssl; print(platform.python_version() + ", " + " ".join(ssl.OPENSSL_VERSION.split()[:2]))' ;;
    java) "$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.version = //p' ;;
    apache) sed -n 's#.*/httpclient5-\([0-9.]*\)\.jar.*#\1#p' "$work/classpath" ;;
    okhttp) sed -n 's#.*/okhttp-jvm-\([0-9.]*\)\.jar.*#\1#p' "$work/classpath" ;;
    netty) sed -n 's#.*/reactor-netty-http-\([0-9.]*\)\.jar.*#\1#p' "$work/classpath" ;;
    chromium) chromium --version 2> /dev/null | awk '{ print $2 }' ;;
    nginx) nginx -V 2>&1 | awk -F '[/ ]' '/^nginx version/ { version = $4 } /^built with/ { tls = $3 " " $4 } END { print version ", " tls }' ;;
    haproxy) haproxy -vv | awk '/^HAProxy version/ { version = $3; sub(/-.*/, "", version) } /^Running on OpenSSL version/ { tls = $6 " " $7 } END { print version ", " tls }' ;;
  esac
}

install_missing() {
  local missing=() tool
  for tool in jq $(awk 'NF { print $2 }' <<< "$clients" | sort -u); do
    command -v "$tool" > /dev/null || missing+=("$(package_of "$tool")")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  command -v apt-get > /dev/null || fail "Not installed: ${missing[*]}. Use --quick to do without"
  local as_root=(env DEBIAN_FRONTEND=noninteractive)
  [[ $EUID -eq 0 ]] || as_root=(sudo "${as_root[@]}")
  # Some of them are also services, which are not wanted: deny their start, unless there is a
  # policy already
  local policy=/usr/sbin/policy-rc.d ours=false status=0
  if [[ ! -e $policy ]]; then
    ours=true
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" > /dev/null
    "${as_root[@]}" chmod 755 "$policy"
  fi
  {
    "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 update &&
      "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${missing[@]}"
  } || status=$?
  ! $ours || "${as_root[@]}" rm -f "$policy"
  [[ $status -eq 0 ]] || fail "Not installed: ${missing[*]}. Use --quick to do without"
}

# --- The servers

# start VARIANT: the sample application, with the counts on a port of its own. It does not end idle
# connections, nor tell clients when it would: that is left to them. Reactor Netty does neither by itself
start() {
  local variant=$1 dir=$work/$1 arguments=(--tls.shutdown.policy="$1")
  [[ $variant != without ]] || arguments=(--tls.shutdown.enabled=false)
  mkdir -p "$dir"
  (
    cd "$dir"
    exec "$java" -XX:TieredStopAtLevel=1 -jar "$jar" --server.address=127.0.0.1 --server.port=0 \
      --server.http2.enabled=true --management.server.address=127.0.0.1 --management.server.port=0 \
      --management.server.ssl.enabled=false --server.tomcat.keep-alive-timeout=-1 \
      --server.jetty.connection-idle-timeout=1h "${arguments[@]}"
  ) > "$dir/application.log" 2>&1 &
  pids+=($!)
}

# await_start VARIANT: sets its ports, and has its certificate trusted by clients
await_start() {
  local dir=$work/$1
  until [[ -s $dir/port && -s $dir/management ]]; do
    kill -0 "$2" 2> /dev/null || { tail -n 20 "$dir/application.log" >&2; fail "The application has ended"; }
    [[ $SECONDS -lt 300 ]] || fail "The application has not started within 300 s"
    sleep 0.3
    # What a port speaks: "https", or with Jetty such as "alpn, h2, http/1.1, ssl"
    sed -En 's/.* started on port ([0-9]+) \(([^)]*)\).*/\1 \2/p' "$dir/application.log" > "$dir/ports"
    awk '/https|ssl/ { print $1 }' "$dir/ports" > "$dir/port"
    awk '!/https|ssl/ { print $1 }' "$dir/ports" > "$dir/management"
  done
  openssl pkcs12 -in "$dir/development.p12" -passin pass:development -nokeys 2> /dev/null | openssl x509 > "$dir/ca.pem"
  "${java%java}keytool" -importcert -noprompt -alias server -file "$dir/ca.pem" -keystore "$dir/trust.p12" \
    -storetype PKCS12 -storepass changeit 2> /dev/null
}

# What the server has counted so far: [{"key": "completed/peer", "value": 1}, ...]; nothing without the starter
counts() {
  if [[ $variant == without ]]; then
    echo '[]'
  else
    curl -sSf --max-time 60 "http://127.0.0.1:$management/actuator/tlsshutdown" | jq -c '.connectors
      | if any(.pending > 0) then "pending" else
        [.[].counts[] | to_entries[] | .key as $outcome | .value | to_entries[] | {key: "\($outcome)/\(.key)", value}] end'
  fi
}

connections_open() {
  awk -v port="$(printf ':%04X$' "$port")" '$2 ~ port && ($4 == "01" || $4 == "08") { found = 1 } END { exit !found }' \
    /proc/net/tcp /proc/net/tcp6
}

# await_ended BEFORE: prints the outcomes of the connections that have ended since, once there is no other
await_ended() {
  local before=$1 now last='' deadline=$((SECONDS + 90))
  while [[ $SECONDS -lt $deadline ]]; do
    sleep 0.1
    now=$(counts) || now='"pending"'
    if connections_open || [[ $now == '"pending"' ]]; then
      last=
    elif [[ $now == "$last" && ($now != "$before" || $variant == without) ]]; then
      jq -rn --argjson before "$before" --argjson now "$now" '($before | from_entries) as $before
        | [$now[] | .value -= $before[.key] | select(.value > 0)
           | (if .value > 1 then "\(.value) × " else "" end) + (.key | sub("/"; ", "))] | join("; ")'
      return
    else
      last=$now
    fi
  done
  echo "still open"
}

# --- The requests: each prints a line for each response, its status and the size of its body, and
# leaves what the client says in $dir/err

expected() {
  case $1 in
    hello) printf '200 5\n200 5\n' ;;
    bye) echo '200 3' ;;
    nolength) echo '404' ;;
    reject) echo '413 100000' ;;
  esac
}

# able CLIENT SCENARIO
able() {
  case $2 in
    nolength) [[ $1 =~ ^(curl-http1|openssl|gnutls|nginx)$ ]] ;;
    # Nothing in HTTP/2 asks for the end of the connection
    bye | reject) [[ $1 != *-http2 ]] ;;
    *) true ;;
  esac
}

run_curl() {
  local format='%{http_code} %{size_download}\n'
  local common=(curl -q -sS --max-time 30 --noproxy '*' "$@")
  case $scenario in
    hello) "${common[@]}" -w "$format" -o "$dir/body" "$url/hello" -o "$dir/body" "$url/hello" ;;
    bye) "${common[@]}" -w "$format" -o "$dir/body" "$url/bye" ;;
    nolength) "${common[@]}" -w '%{http_code}\n' -o "$dir/body" --http1.0 "$url/nothing" ;;
    # Does not ask whether to send the body first
    reject) "${common[@]}" -w "$format" -o "$dir/body" -H 'Expect:' --data-binary "@$work/upload" "$url/reject?size=100000" ;;
  esac
}

run_wget() {
  local common=(wget --no-config -nv --tries=1 --timeout=30 --no-proxy --ca-certificate="$dir/ca.pem") status=0
  rm -rf "$dir/wget" && mkdir "$dir/wget"
  (
    cd "$dir/wget"
    case $scenario in
      hello) "${common[@]}" "$url/hello?1" "$url/hello?2" ;;
      bye) "${common[@]}" "$url/bye" ;;
      reject) "${common[@]}" --content-on-error --post-file="$work/upload" -O answer "$url/reject?size=100000" ;;
    esac
  ) 2> "$dir/wget.log" || status=$?
  # 8: the server has answered with an error, as it should
  grep -v ' URL:\| ERROR 413' "$dir/wget.log" | sed '/^https:.*:$/d; /^FINISHED /d; /^Total wall clock/d; /^Downloaded: /d' >&2 || true
  local code=200
  [[ $scenario != reject ]] || { code=$(grep -o 'ERROR 413' "$dir/wget.log" | grep -o '413' || echo none); [[ $status -ne 8 ]] || status=0; }
  find "$dir/wget" -type f -printf "$code %s\n"
  return "$status"
}

# run_raw COMMAND ...: requests as they are typed into a TLS client
run_raw() {
  local status=0 fd writer=
  rm -f "$dir/typed"
  : > "$dir/received"
  mkfifo "$dir/typed"
  timeout 30 "$@" < "$dir/typed" > "$dir/received" &
  local client=$!
  exec {fd}> "$dir/typed"
  case $scenario in
    hello)
      printf 'GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n' >&$fd
      until [[ $(grep -ac 'hello' "$dir/received") -ge 1 ]] || ! kill -0 $client 2> /dev/null; do sleep 0.05; done
      printf 'GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n' >&$fd
      until [[ $(grep -ao 'hello' "$dir/received" | wc -l) -ge 2 ]] || ! kill -0 $client 2> /dev/null; do sleep 0.05; done
      ;;
    bye) printf 'GET /bye HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n' >&$fd ;;
    nolength) printf 'GET /nothing HTTP/1.0\r\n\r\n' >&$fd ;;
    reject)
      {
        printf 'POST /reject?size=100000 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 8000000\r\n\r\n'
        cat "$work/upload"
      } 1>&"$fd" 2> /dev/null &
      writer=$!
      ;;
  esac
  # All but the first end when the server has ended the connection
  [[ $scenario == hello ]] || wait $client || status=$?
  exec {fd}>&-
  [[ $scenario != hello ]] || wait $client || status=$?
  [[ -z $writer ]] || { kill $writer 2> /dev/null || true; wait $writer 2> /dev/null || true; }
  case $scenario in
    hello) grep -ao 'hello' "$dir/received" | sed 's/.*/200 5/' ;;
    nolength) grep -ao '^HTTP/1.[01] [0-9]*' "$dir/received" | sed 's/.* //' ;;
    *) echo "$(grep -ao '^HTTP/1.1 [0-9]*' "$dir/received" | sed 's/.* //') $(sed '1,/^\r$/d' "$dir/received" | wc -c)" ;;
  esac
  return $status
}

run_java() {
  local line
  : > "$dir/java.err"
  echo "$1 $scenario $url" >&"${JAVA[1]}"
  while read -r -t 60 line <&"${JAVA[0]}"; do
    if [[ $line == status* ]]; then
      cat "$dir/java.err" >&2
      return "${line#status }"
    fi
    echo "$line"
  done
  return 124
}

run_chromium() {
  local script
  case $scenario in
    hello) script="await get('/hello'); await get('/hello')" ;;
    bye) script="await get('/bye')" ;;
    reject) script="await get('/reject?size=100000', {method: 'POST', body: new Uint8Array(8000000)})" ;;
  esac
  cat > "$dir/page.html" << END
<!doctype html><link rel="icon" href="data:,"><pre id="answers"></pre><script>
const answers = document.getElementById('answers')
const get = async (path, init) => {
  try {
    const response = await fetch('$url' + path, init)
    answers.append(response.status + ' ' + (await response.text()).length + '\n')
  } catch (error) {
    answers.append(error + '\n')
  }
}
(async () => { $script; answers.append('.') })()
</script>
END
  timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --ignore-certificate-errors \
    --user-data-dir="$dir/chromium-$RANDOM$RANDOM" --disable-web-security --virtual-time-budget=20000 "$@" \
    --dump-dom "file://$dir/page.html" > "$dir/dom" 2> "$dir/chromium.log" || return
  grep -o 'net_error[^"]*\|handshake failed.*' "$dir/chromium.log" >&2 || true
  sed -n 's/.*<pre id="answers">//; s/<\/pre>.*//; /^[0-9]\+ [0-9]\+$/p' "$dir/dom"
  grep -o 'TypeError: .*' "$dir/dom" >&2 || true
}

# run_proxy NAME: curl's requests in plain HTTP through a proxy that lives as long as the script
run_proxy() {
  local status=0
  local url=http://localhost
  : > "$dir/$1.log"
  run_curl --unix-socket "$dir/$1.sock" || status=$?
  return $status
}

run() {
  case $1 in
    curl-http1) run_curl --cacert "$dir/ca.pem" --http1.1 ;;
    curl-http2) run_curl --cacert "$dir/ca.pem" --http2 ;;
    wget) run_wget ;;
    openssl) run_raw openssl s_client -connect "127.0.0.1:$port" -CAfile "$dir/ca.pem" -verify_return_error -verify_quiet -quiet -no_ign_eof ;;
    gnutls) run_raw gnutls-cli --x509cafile "$dir/ca.pem" --logfile "$dir/gnutls.log" --port "$port" 127.0.0.1 ;;
    go-*) timeout 60 "$work/go-client" "${1#go-}" "$scenario" "$url" "$dir/ca.pem" ;;
    node-*) NODE_EXTRA_CA_CERTS=$dir/ca.pem timeout 60 node "$here/client.mjs" "${1#node-}" "$scenario" "$url" ;;
    python-http) timeout 60 python3 "$here/client.py" http.client "$scenario" "$url" "$dir/ca.pem" ;;
    python-*) timeout 60 python3 "$here/client.py" "${1#python-}" "$scenario" "$url" "$dir/ca.pem" ;;
    chromium-http1) run_chromium --disable-http2 ;;
    chromium-http2) run_chromium ;;
    nginx | haproxy) run_proxy "$1" ;;
    *) run_java "$1" ;;
  esac
}

# start_proxies: for the server of this variant
start_proxies() {
  if installed nginx; then
    cat > "$dir/nginx.conf" << END
daemon off;
master_process off;
pid $dir/nginx.pid;
error_log $dir/nginx.log info;
events {}
http {
  access_log off;
  client_max_body_size 0;
  client_body_temp_path $dir/nginx-body;
  proxy_temp_path $dir/nginx-proxy;
  fastcgi_temp_path $dir/nginx-fastcgi;
  scgi_temp_path $dir/nginx-scgi;
  uwsgi_temp_path $dir/nginx-uwsgi;
  upstream sample {
    server 127.0.0.1:$port;
    keepalive 4;
    keepalive_timeout 1s;
  }
  server {
    listen unix:$dir/nginx.sock;
    location / {
      proxy_pass https://sample;
      proxy_http_version 1.1;
      # Jetty compares it with the certificate
      proxy_set_header Host localhost;
      proxy_set_header Connection "";
      proxy_request_buffering off;
    }
    # Otherwise as nginx does by itself
    location /nothing {
      proxy_set_header Host localhost;
      proxy_pass https://sample;
    }
  }
}
END
    nginx -e "$dir/nginx.log" -c "$dir/nginx.conf" 2> /dev/null &
    pids+=($!)
  fi
  if installed haproxy; then
    cat > "$dir/haproxy.cfg" << END
global
  log stdout format raw local0
defaults
  mode http
  log global
  log-format "termination state %ts"
  timeout connect 10s
  timeout client 30s
  timeout server 30s
frontend clients
  bind unix@$dir/haproxy.sock
  default_backend sample
backend sample
  server sample 127.0.0.1:$port ssl verify required ca-file $dir/ca.pem pool-purge-delay 1s
END
    haproxy -db -f "$dir/haproxy.cfg" >> "$dir/haproxy.log" 2>&1 &
    pids+=($!)
  fi
  local proxy
  for proxy in nginx haproxy; do
    ! installed "$proxy" || until [[ -S $dir/$proxy.sock ]]; do sleep 0.1; done
  done
}

installed() {
  [[ " $present " == *" $1 "* ]]
}

# said CLIENT: in one line what the client has said, without what differs each time
said() {
  case $1 in
    nginx) sed 's/^[0-9/]* [0-9:]* //; s/^\(\[[a-z]*\]\) [0-9]*#[0-9]*: \*[0-9]* /\1 /; s/, client: .*//; s/ while .*connection//' "$dir/nginx.log" | grep -v '^[^[]\|^\[notice\]\|\[info\].*client .* closed keepalive' | sort -u || true ;;
    haproxy) grep -av 'termination state --' "$dir/haproxy.log" | grep -av '^\[NOTICE\]' | sort -u || true ;;
  esac >> "$dir/err"
  sed -i '/^Can.t use SSL_get_servername$/d; /^DONE$/d; /non-CA certificate in the trusted list/d; / WARN reactor\.netty/d' "$dir/err"
  tr -d '\0' < "$dir/err" | sed 's/\x1b\[[0-9;]*m//g; s/^[0-9A-F]\{12,16\}:error/error/; s/:\.\.\/[^:]*:[0-9]*:$//' \
    | sed "s/127\.0\.0\.1:$port/the server/g; s/127\.0\.0\.1:[0-9]*/the client/g; s/|/\\\\|/g; s/[[:space:]]\+/ /g; s/^ //; s/ $//" | grep -a . | awk '!seen[$0]++' | head -n 4 | paste -sd '~' | sed 's/~/ ⏎ /g'
}

# try CLIENT SCENARIO: prints a line with the verdict, the outcomes and what the client has said
try() {
  local client=$1 scenario=$2 before outcomes status verdict message
  before=$(counts) || fail "The server does not answer"
  : > "$dir/err"
  status=0
  run "$client" > "$dir/out" 2>> "$dir/err" || status=$?
  outcomes=$(await_ended "$before")
  message=$(said "$client" || true)
  if [[ $(< "$dir/out") != "$(expected "$scenario")" ]]; then
    verdict=lost
    [[ -n $message ]] || message="exit status $status, $(paste -sd ' ' "$dir/out")"
  elif [[ $status -ne 0 ]]; then
    verdict=error
    [[ -n $message ]] || message="exit status $status"
  else
    verdict=ok
  fi
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$client" "$scenario" "$variant" "$verdict" "${outcomes:--}" "$message"
}

# work_through VARIANT: all clients, all scenarios
work_through() {
  local variant=$1 dir=$work/$1 port management url client tool name scenario round
  port=$(< "$dir/port")
  management=$(< "$dir/management")
  url=https://127.0.0.1:$port
  # Its processes are its own to end
  pids=()
  trap 'status=$?; [[ ${#pids[@]} -eq 0 ]] || kill "${pids[@]}" 2> /dev/null; wait; exit $status' EXIT
  start_proxies
  # The JDK's client, which cannot be closed, closes what has been idle for a second
  coproc JAVA {
    exec "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
      -Djdk.httpclient.keepalive.timeout=1 \
      -Djavax.net.ssl.trustStore="$dir/trust.p12" -Djavax.net.ssl.trustStorePassword=changeit \
      -cp "$work/classes:$(< "$work/classpath")" JavaClients 2>> "$dir/java.err"
  }
  pids+=("$JAVA_PID")
  while read -r client tool name; do
    [[ -n $client ]] || continue
    installed "$tool" || continue
    for scenario in "${scenarios[@]}"; do
      able "$client" "$scenario" || continue
      round=0
      until [[ $round -ge 1 && ($scenario != reject || $round -ge $rounds) ]]; do
        try "$client" "$scenario"
        round=$((round + 1))
      done
    done
  done <<< "$clients" > "$dir/results"
}

# --- Prepare

need "$java" "$javac" mvn
$quick || install_missing
need jq curl openssl
present=
while read -r tool; do
  if command -v "$tool" > /dev/null; then
    present+=" $tool"
  else
    echo "Skipped: $tool is not installed"
  fi
done < <(awk 'NF { print $2 }' <<< "$clients" | sort -u)
readonly present

find_sample

for variant in "${variants[@]}"; do
  start "$variant"
done
mvn -q -B -f pom.xml dependency:build-classpath -Dmdep.outputFile="$work/classpath" < /dev/null
"$javac" -nowarn -proc:none -d "$work/classes" -cp "$(< "$work/classpath")" JavaClients.java
if installed go; then
  GO111MODULE=off GOTOOLCHAIN=local go build -o "$work/go-client" client.go
fi
head -c 8000000 /dev/zero > "$work/upload"
for index in "${!variants[@]}"; do
  await_start "${variants[index]}" "${pids[index]}"
done

case $(sed -En 's/.* (\w+) started on port .*/\1/p' "$work/without/application.log" | head -n 1) in
  Tomcat) document=$here/../clients.md ;;
  Jetty) document=$here/../clients-jetty.md ;;
  Netty) document=$here/../clients-reactor-netty.md ;;
  *) fail "Which server is this?" ;;
esac

workers=()
for variant in "${variants[@]}"; do
  work_through "$variant" &
  workers+=($!)
done
pids+=("${workers[@]}")
for worker in "${workers[@]}"; do
  wait "$worker" || fail "A worker has failed"
done

# --- Report

declare -A all delivered errors outcomes notes numbers
texts=()

# note TEXT: sets number to that of the text
note() {
  if [[ -z ${numbers[$1]:-} ]]; then
    texts+=("$1")
    numbers[$1]=${#texts[@]}
  fi
  number=${numbers[$1]}
}

# add KEY VALUE: to the list of what has been seen there, once
add_outcome() {
  case " or ${outcomes[$1]:-} or " in
    *" or $2 or "*) ;;
    *) outcomes[$1]=${outcomes[$1]:+${outcomes[$1]} or }$2 ;;
  esac
}

cat "$work"/*/results > "$work/results"
while IFS=$'\t' read -r client scenario variant verdict ending message; do
  key=$client/$scenario/$variant
  all[$key]=$((${all[$key]:-0} + 1))
  delivered[$key]=$((${delivered[$key]:-0} + (${#verdict} != 4 ? 1 : 0)))
  errors[$key]=$((${errors[$key]:-0} + (${#verdict} == 2 ? 0 : 1)))
  [[ $ending == - ]] || add_outcome "$key" "$ending"
  if [[ -n $message ]]; then
    note "$message"
    [[ " ${notes[$key]:-} " == *" $number "* ]] || notes[$key]="${notes[$key]:-} $number"
  fi
done < "$work/results"

cell() {
  local key=$1 text
  if [[ $scenario == reject ]]; then
    text="${delivered[$key]} of ${all[$key]}"
  elif [[ ${delivered[$key]} -lt ${all[$key]} ]]; then
    text='**answer lost**'
  elif [[ ${errors[$key]} -gt 0 ]]; then
    text='**error**'
  else
    text=ok
  fi
  [[ -z ${outcomes[$key]:-} ]] || text+=": ${outcomes[$key]}"
  # shellcheck disable=SC2001
  [[ -z ${notes[$key]:-} ]] || text+=" $(sed 's/ \([0-9]*\)/[\1]/g' <<< "${notes[$key]}")"
  echo "$text"
}

title() {
  case $1 in
    hello) echo 'The client ends the connection, after two requests' ;;
    bye) echo 'The server ends the connection, after the answer' ;;
    nolength) echo 'The server ends the connection, and the answer has no length (HTTP/1.0)' ;;
    reject) echo "The server refuses an upload of 8 MB, with an answer of 100 kB, and ends the connection: answers received" ;;
  esac
}

table() {
  local scenario=$1 client tool name
  echo
  echo "### $(title "$scenario")"
  echo
  # shellcheck disable=SC2016
  echo '| client | without the starter | `unidirectional` | `bidirectional` | `quiet` |'
  echo '| --- | --- | --- | --- | --- |'
  while read -r client tool name; do
    [[ -n ${all[$client/$scenario/quiet]:-} ]] || continue
    printf '| %s |' "$name"
    for variant in "${variants[@]}"; do
      printf ' %s |' "$(cell "$client/$scenario/$variant")"
    done
    echo
  done <<< "$clients"
}

generate() {
  local name index
  printf 'Generated on %s, Spring Boot %s, Java %s.\n\n' "$(date -u +%Y-%m-%d)" \
    "$(unzip -p "$jar" META-INF/MANIFEST.MF | sed -n 's/\r$//; s/^Spring-Boot-Version: //p')" "$(version_of java)"
  echo '| client | version |'
  echo '| --- | --- |'
  for name in "${versions[@]}"; do
    echo "| ${name%%=*} | ${name#*=} |"
  done
  for scenario in "${scenarios[@]}"; do
    table "$scenario"
  done
  echo
  echo '### What the clients say'
  echo
  for index in "${!texts[@]}"; do
    echo "- [$((index + 1))] \`${texts[index]}\`"
  done
}

versions=()
while read -r tool name; do
  case $tool in
    apache | okhttp | netty) needed=java ;;
    *) needed=$tool ;;
  esac
  ! installed "$needed" || versions+=("$name=$(version_of "$tool")")
done << 'END'
curl curl
wget wget
openssl OpenSSL
gnutls-cli GnuTLS
go Go
node Node.js
python3 Python
java JDK
apache Apache HttpClient
okhttp OkHttp
netty Reactor Netty
chromium Chromium
nginx nginx
haproxy HAProxy
END

# The order of the footnotes is that of the tables
for scenario in "${scenarios[@]}"; do table "$scenario"; done > /dev/null
generate > "$work/generated"

readonly begin='<!-- begin: generated by clients/run.sh -->' end='<!-- end: generated by clients/run.sh -->'
if $check || $quick; then
  cat "$work/generated"
else
  [[ $(grep -cxF -e "$begin" -e "$end" "$document") -eq 2 ]] || fail "$document has no marks"
  {
    awk -v mark="$begin" '{ print } $0 == mark { exit }' "$document"
    echo
    cat "$work/generated"
    echo
    awk -v mark="$end" '$0 == mark { found = 1 } found' "$document"
  } > "$work/document"
  cp "$work/document" "$document"
fi

# --- Judge

wrong=()
grep -n ' WARN \| ERROR ' "$work"/*/application.log > "$work/complaints" || true
[[ ! -s $work/complaints ]] || wrong+=("The server has complained: $(head -n 3 "$work/complaints")")

while read -r client tool name; do
  for scenario in "${scenarios[@]}"; do
    before=$client/$scenario/without after=$client/$scenario/unidirectional waiting=$client/$scenario/bidirectional
    [[ -n ${all[$before]:-} ]] || continue
    if [[ $scenario == reject ]]; then
      # A race, unless the server waits: only never instead of always is no chance
      [[ ${delivered[$before]} -lt ${all[$before]} || ${delivered[$after]} -gt 0 ]] ||
        wrong+=("$name, $scenario: worse off with the starter")
      [[ ${delivered[$waiting]} -eq ${all[$waiting]} || ${delivered[$waiting]} -ge ${delivered[$before]} ]] ||
        wrong+=("$name, $scenario: worse off with bidirectional")
    elif [[ ${delivered[$after]} -lt ${delivered[$before]} || ${errors[$after]} -gt ${errors[$before]} ]]; then
      wrong+=("$name, $scenario: worse off with the starter")
    fi
    for variant in unidirectional bidirectional quiet; do
      [[ -n ${outcomes[$client/$scenario/$variant]:-} && ${outcomes[$client/$scenario/$variant]} != *"still open"* ]] ||
        wrong+=("$name, $scenario, $variant: no outcome")
    done
  done
done <<< "$clients"

# cells FILE: a line for each cell with its heading, client and column, what became of the answer,
# and the outcomes; without the notes, whose texts differ between versions
cells() {
  awk -F ' *[|] *' '
    BEGIN { split("without unidirectional bidirectional quiet", columns, " ") }
    /^### / { heading = $0; refused = /refuses/; next }
    /^[|] (client|---)/ || NF != 7 { next }
    {
      for (i = 3; i <= 6; i++) {
        gsub(/ *\[[0-9]+\]/, "", $i)
        answer = $i
        sub(/: .*/, "", answer)
        ending = substr($i, length(answer) + 3)
        gsub(/[0-9]+ × /, "", ending)
        # Whether the kernel of a client that has left answers with a reset is a race
        gsub(/reset|unclean/, "left", ending)
        gsub(/left, local; left, local/, "left, local", ending)
        gsub(/left, peer; left, peer/, "left, peer", ending)
        # Elsewhere than with bidirectional it is a race
        print heading ", " $2 ", " columns[i - 2] "\t" ((refused && i != 5) ? "race" : answer) "\t" ending
      }
    }' "$1"
}

# What differs. How a connection ended may be a race, as with a client that leaves at once: one
# outcome in common will do.
differences() {
  awk -F '\t' '
    NR == FNR { answer[$1] = $2; ending[$1] = $3; next }
    !($1 in answer) { print $1 ": not there yet"; next }
    answer[$1] != $2 { print $1 ": " $2 " instead of " answer[$1]; next }
    {
      common = ($3 == ending[$1])
      n = split($3, alternatives, / or /)
      for (i = 1; i <= n; i++) {
        if (index(" or " ending[$1] " or ", " or " alternatives[i] " or ")) {
          common = 1
        }
      }
      if (!common) {
        print $1 ": " $3 " instead of " ending[$1]
      }
    }' "$1" "$2"
}

if $check; then
  cells "$document" > "$work/then"
  cells "$work/generated" > "$work/now"
  [[ -s $work/then && -s $work/now ]] || wrong+=("There are no tables")
  while IFS= read -r difference; do
    wrong+=("Differs from $(basename "$document"): $difference")
  done < <(differences "$work/then" "$work/now")
fi

if [[ ${#wrong[@]} -gt 0 ]]; then
  printf 'FAILED: %s\n' "${wrong[@]}" >&2
  exit 1
fi
echo "$(wc -l < "$work/results") conversations: no client is worse off with the starter's default policy, $SECONDS s."
