# shellcheck shell=bash
# break and mend: real faults, by pid, on one worker; each of them can be given twice. Sourced.

# end_service W NAME SIGNAL
end_service() {
    local w=$1 name=$2 pid
    if ! pid=$(service_pid "$w" "$name"); then say "The $name of $w does not run: nothing to end."; return; fi
    kill -9 "$pid"
    wait_for 10 gone "$pid" || die "the $name of $w (pid $pid) is still there 10 s after SIGKILL."
    say "The $name of $w (pid $pid) is killed."
}
gone() { [[ ! -d /proc/$1 || $(process_state "$1") == Z ]]; }

# The chain is ours alone: what kube-proxy and CNI have in iptables stays as it is.
CHAIN=LIFELINE-BREAK
cut_network() {
    enter "$1" sh -ec "
        iptables -w -N $CHAIN 2>/dev/null || iptables -w -F $CHAIN
        iptables -w -A $CHAIN -s $CP_ADDRESS -j DROP
        iptables -w -A $CHAIN -d $CP_ADDRESS -j DROP
        for hook in INPUT OUTPUT FORWARD; do
            iptables -w -C \$hook -j $CHAIN 2>/dev/null || iptables -w -I \$hook 1 -j $CHAIN
        done"
    say "All traffic between $1 and the control plane ($CP_ADDRESS) is dropped."
}
join_network() {
    enter "$1" sh -c "
        for hook in INPUT OUTPUT FORWARD; do
            while iptables -w -D \$hook -j $CHAIN 2>/dev/null; do :; done
        done
        iptables -w -F $CHAIN 2>/dev/null && iptables -w -X $CHAIN" || true
}
network_is_cut() { enter "$1" iptables -w -C INPUT -j $CHAIN 2>/dev/null; }

# The API server goes away for all of them; the rest of the control plane waits for it.
break_control_plane() {
    pid_of cp >/dev/null || die "the control plane does not run; './lifeline sandbox up' starts it."
    case ${1:-} in
        api) end_service cp kube-apiserver ;;
        *) die "'${1:-}' is not a fault of the control plane; there is: api." ;;
    esac
}

mend_control_plane() {
    local w
    pid_of cp >/dev/null || die "the control plane does not run; './lifeline sandbox up' starts it."
    k8s_bin
    start_apiserver
    wait_for_api
    start_controllers
    for w in "${WORKERS[@]}"; do
        if service_pid "$w" kubelet >/dev/null; then wait_for_node "$w"; fi
    done
    say "The control plane is mended: its API server answers."
}

# The worker's plug on the bridge: its interface has no carrier, its addresses and routes stay.
cut_link() { cp_enter ip link set "p-$1" down; say "The link of $1 is down."; }
join_link() { cp_enter ip link set "p-$1" up; }
link_is_cut() { [[ $(cp_enter cat "/sys/class/net/p-$1/operstate" 2>/dev/null) == down ]]; }

break_worker() {
    local w=${1:-} fault=${2:-} name pid
    if [[ $w == cp ]]; then break_control_plane "$fault"; return; fi
    need_worker "$w"
    pid_of "$w" >/dev/null || die "the worker $w does not run; './lifeline sandbox up' starts it."
    case $fault in
        kubelet | containerd) end_service "$w" "$fault" ;;
        both) end_service "$w" kubelet; end_service "$w" containerd ;;
        net) cut_network "$w" ;;
        link) cut_link "$w" ;;
        hang)
            for name in kubelet containerd; do
                pid=$(service_pid "$w" "$name") || die "$name of $w does not run, so it cannot hang."
                kill -STOP "$pid"
                say "The $name of $w (pid $pid) is stopped by SIGSTOP: it hangs, what it listens on still bound."
            done
            ;;
        *) die "'$fault' is not a fault; there are: kubelet containerd both net link hang." ;;
    esac
}

mend_worker() {
    local w=${1:-} name pid
    if [[ $w == cp ]]; then mend_control_plane; return; fi
    need_worker "$w"
    pid_of "$w" >/dev/null || die "the worker $w does not run; './lifeline sandbox up' starts it."
    join_link "$w"
    if [[ ${2:-} == link ]]; then say "The link of $w is up."; return; fi
    join_network "$w"
    for name in "${SERVICES[@]}"; do
        # SIGCONT does nothing to a process that is not stopped
        if pid=$(service_pid "$w" "$name"); then kill -CONT "$pid"; fi
    done
    start_containerd "$w"
    start_service "$w" kubelet
    start_service "$w" kube-proxy
    wait_for_node "$w"
    say "The worker $w is mended: its network is joined, its services run, and its node is Ready."
}
