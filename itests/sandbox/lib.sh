# shellcheck shell=bash
# Shared by every part of the sandbox: configuration, messages, small helpers. Sourced, never run.
# shellcheck disable=SC2034  # the other parts use what is set here

LIFELINE_CACHE=${LIFELINE_CACHE:-$HOME/.cache/lifeline}
STATE=${LIFELINE_STATE:-/var/tmp/lifeline-sandbox}
LOGS=$STATE/logs

# Addresses. The defaults lie in a corner of 10/8 that hardly anybody uses; everything follows from three settings.
NET=${LIFELINE_NET:-10.203.0}                 # the nodes' /24: .1 the machine itself, .10 the control plane, .11 w1, .12 w2
POD_NET=${LIFELINE_POD_NET:-10.203}           # pods: POD_NET.1.0/24 on w1, POD_NET.2.0/24 on w2
SERVICE_NET=${LIFELINE_SERVICE_NET:-10.204}   # services: SERVICE_NET.0.0/16
LINK=${LIFELINE_LINK:-lifeline0}              # the machine's own interface to it
GATEWAY=$NET.1
CP_ADDRESS=$NET.10
API_PORT=6443
read -ra WORKERS <<<"${LIFELINE_WORKERS-w1 w2}"   # none: a control plane by itself, whose Nodes are whoever registers

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
start_time() {
    local stat fields
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    # the name in the second field may hold blanks; what comes after it does not
    read -ra fields <<<"${stat##*) }"
    echo "${fields[19]}"
}
record_pid() { mkdir -p "$STATE/run"; echo "$2 $(start_time "$2")" >"$STATE/run/$1.pid"; }
# pid_of NAME: the pid of a process of ours that is alive, else false.
pid_of() {
    local pid start
    [[ -s $STATE/run/$1.pid ]] && read -r pid start <"$STATE/run/$1.pid" || return 1
    [[ $(start_time "$pid" 2>/dev/null) == "$start" ]] && echo "$pid"
}

# outer_pid INIT PID: the machine's pid of what is PID in the PID namespace of INIT.
outer_pid() {
    local namespace pid file
    namespace=$(readlink "/proc/$1/ns/pid") || return 1
    for file in $(grep -lE "^NSpid:.*[[:space:]]$2\$" /proc/[0-9]*/status 2>/dev/null); do
        pid=${file#/proc/}; pid=${pid%/status}
        if [[ $(readlink "/proc/$pid/ns/pid" 2>/dev/null) == "$namespace" ]]; then echo "$pid"; return; fi
    done
    return 1
}

# service_pid cp|WORKER NAME: the machine's pid of a service there, if it is alive.
service_pid() {
    local init file inner pid
    init=$(pid_of "$1") || return 1
    if [[ $1 == cp ]]; then file=$STATE/run/cp-$2.inner; else file=/proc/$init/root/run/$2.pid; fi
    inner=$(cat "$file" 2>/dev/null) && [[ -n $inner ]] || return 1
    pid=$(outer_pid "$init" "$inner") || return 1
    # a pid may have been used again; comm is cut at 15 characters
    [[ $(cat "/proc/$pid/comm" 2>/dev/null) == "${2:0:15}" ]] || return 1
    [[ $(process_state "$pid") != Z ]] && echo "$pid"
}

# R, S, D, T (stopped), Z ...
process_state() { local line; line=$(cat "/proc/$1/stat" 2>/dev/null) || return 1; line=${line##*) }; echo "${line%% *}"; }

# spawn_init NAME UNSHARE-FLAGS... -- CMD...: make namespaces; CMD becomes their PID 1 and ends as our `init`.
spawn_init() {
    local name=$1 flags=() parent child
    shift
    while [[ $1 != -- ]]; do flags+=("$1"); shift; done
    shift
    mkdir -p "$LOGS" "$STATE/run"
    (
        join_cgroups "$name"
        # The variable marks everything of ours, for `down` when the records of it are lost. The lock (9) is not inherited.
        export LIFELINE_SANDBOX_OF=$STATE
        exec setsid unshare "${flags[@]}" --fork --kill-child -- "$@" </dev/null >>"$LOGS/$name.log" 2>&1 9>&-
    ) &
    parent=$!
    disown
    for _ in {1..100}; do
        sleep 0.1
        child=$(cat "/proc/$parent/task/$parent/children" 2>/dev/null) ||
            die_log "$LOGS/$name.log" "the namespaces of $name could not be made."
        child=${child%% *}
        if [[ -n $child && $(readlink "/proc/$child/exe") == */busybox ]]; then
            record_pid "$name" "$child"
            return
        fi
    done
    kill -9 "$parent" 2>/dev/null || true
    die_log "$LOGS/$name.log" "PID 1 of $name did not come up within 10 s."
}
