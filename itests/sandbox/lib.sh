# shellcheck shell=bash
# Shared by every part of the sandbox: configuration, messages, small helpers. Sourced, never run.

LIFELINE_CACHE=${LIFELINE_CACHE:-$HOME/.cache/lifeline}
STATE=${LIFELINE_STATE:-/var/tmp/lifeline-sandbox}
LOGS=$STATE/logs

# Addresses. The defaults lie in a corner of 10/8 that hardly anybody uses; everything follows from three settings.
NET=${LIFELINE_NET:-10.203.0}                 # the nodes' /24: .1 the machine itself, .10 the control plane, .11 w1, .12 w2
POD_NET=${LIFELINE_POD_NET:-10.203}           # pods: POD_NET.1.0/24 on w1, POD_NET.2.0/24 on w2
SERVICE_NET=${LIFELINE_SERVICE_NET:-10.204}   # services: SERVICE_NET.0.0/16
BRIDGE=${LIFELINE_BRIDGE:-lifeline0}
GATEWAY=$NET.1
CP_ADDRESS=$NET.10
API_PORT=6443
WORKERS=(w1 w2)

# --- messages: a sentence each, on stderr, so that stdout stays usable for `env` and `kubectl` ------------------------
say()  { printf '%s\n' "$*" >&2; }
warn() { printf 'Warning: %s\n' "$*" >&2; }
die()  { printf 'Failed: %s\n' "$*" >&2; exit 1; }

# die_log LOG SENTENCE: what failed, where its log is, and how the log ends.
die_log() {
    local log=$1; shift
    printf 'Failed: %s\n' "$*" >&2
    printf '  Its log is %s' "$log" >&2
    if [[ -s $log ]]; then
        printf '; it ends with:\n' >&2
        tail -n 15 "$log" | sed 's/^/    | /' >&2
    else
        printf ' (empty).\n' >&2
    fi
    exit 1
}

# logged LOG SENTENCE CMD...: run CMD with its output in LOG; if it fails, say so with the log's end.
logged() {
    local log=$1 what=$2; shift 2
    mkdir -p "${log%/*}"
    "$@" >>"$log" 2>&1 || die_log "$log" "$what"
}

# wait_for SECONDS CMD...: try CMD until it succeeds; false when the time is over.
wait_for() {
    local end=$((SECONDS + $1)); shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || return 1
        sleep 0.2
    done
}

have() { command -v "$1" >/dev/null 2>&1; }

need_root() { [[ $EUID -eq 0 ]] || die "the sandbox makes namespaces and mounts, so it must be run as root."; }

# --- workers ---------------------------------------------------------------------------------------------------------
is_worker() { local w; for w in "${WORKERS[@]}"; do [[ $w == "$1" ]] && return; done; return 1; }
need_worker() { is_worker "${1:-}" || die "'${1:-}' is not a worker; the workers are: ${WORKERS[*]}."; }
worker_number() { local i; for i in "${!WORKERS[@]}"; do [[ ${WORKERS[i]} == "$1" ]] && echo $((i + 1)) && return; done; return 1; }
node_address() { echo "$NET.$((10 + $(worker_number "$1")))"; }
pod_cidr() { echo "$POD_NET.$(worker_number "$1").0/24"; }

# --- processes: every process of ours is known by pid AND start time, so that a pid used again is never mistaken -------
start_time() { local stat; stat=$(<"/proc/$1/stat") 2>/dev/null || return 1; stat=${stat##*) }; set -- $stat; echo "${20}"; }
record_pid() { mkdir -p "$STATE/run"; echo "$2 $(start_time "$2")" >"$STATE/run/$1.pid"; }
# pid_of NAME: the pid of a process of ours that is alive, else false.
pid_of() {
    local pid start
    [[ -s $STATE/run/$1.pid ]] && read -r pid start <"$STATE/run/$1.pid" || return 1
    [[ $(start_time "$pid" 2>/dev/null) == "$start" ]] && echo "$pid"
}
