#!/usr/bin/env bash
# Sends requests with curl, which keeps its connection, at three rates, and writes the status of each, or how it failed.
# With two URLs, takes them in turn; one that refuses the connection is skipped.
#
#   curl.sh URL [URL]
set -euo pipefail
for rate in 5/s 2/s 30/m; do
  while sleep 0.2; do
    for ((i = 0; i < 40; i++)); do
      for url in "$@"; do
        printf 'url = "%s"\noutput = /dev/null\n' "$url"
      done
    done | stdbuf -oL curl -sk --max-time 10 --rate "$rate" -K - -w '%{exitcode} %{http_code} %{errormsg}\n' || true
  done | sed -u 's/^0 200 .*/200/; /^7 /d; s/^\([1-9][0-9]*\) [0-9]* /curl \1: /' &
done
wait
