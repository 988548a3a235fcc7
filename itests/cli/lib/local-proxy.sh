#!/usr/bin/env bash
# local-proxy.sh KUBECTL FOLDER PROGRAM: the debug proxy as a process: it runs while the operator's Secret with its
# certificate is there, which is copied to FOLDER. Everything else comes by the environment.
set -euo pipefail
kubectl=$1 folder=$2 program=$3
pid=
trap '[[ -z $pid ]] || kill "$pid" 2>/dev/null || true' EXIT

secret() { "$kubectl" get secret lifeline-proxy-tls -n lifeline-system -o "jsonpath={.data.$1}" 2>/dev/null | base64 -d; }

while :; do
    if [[ -z $("$kubectl" get secret lifeline-proxy-tls -n lifeline-system -o name --ignore-not-found 2>/dev/null) ]]; then
        if [[ -n $pid ]]; then kill "$pid" 2>/dev/null || true; wait "$pid" || true; pid=; rm -rf "$folder"; fi
    elif [[ -z $pid ]] || ! kill -0 "$pid" 2>/dev/null; then
        (umask 077 && mkdir -p "$folder" && for file in tls.crt tls.key ca.crt; do secret "${file/./\\.}" >"$folder/$file"; done)
        "$program" &
        pid=$!
    fi
    sleep 0.5
done
