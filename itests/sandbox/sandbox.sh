#!/usr/bin/env bash
# help: sandbox   a real Kubernetes cluster (control plane, w1, w2) in namespaces of this machine; 'sandbox help' tells more
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in lib deps kubernetes pki cgroups images controlplane worker faults status; do
    # shellcheck source=/dev/null
    . "$here/$part.sh"
done

usage() {
    cat <<'USAGE'
lifeline sandbox: a real Kubernetes cluster in namespaces of this machine.

  up                    start it (builds Kubernetes from Debian's sources if there are no binaries), or repair it
  status                namespaces, processes, nodes
  break W FAULT         FAULT is kubelet | containerd | both | net | link | hang; W is w1 or w2
  break cp api          end the API server
  mend W | mend cp      undo whatever is broken there; 'mend W link' the link alone
  enter W [CMD...]      a shell, or CMD, in the worker
  kubectl ARGS...       kubectl as the cluster's administrator
  load IMAGE.tar...     bring image archives (OCI or docker) onto all workers
  env                   shell code that points KUBECONFIG and others at it: eval "$(./lifeline sandbox env)"
  down                  end and remove everything but the cache
  deps                  install what is needed from Debian; part of 'up'
  build                 find or build the Kubernetes binaries, and print their directory; part of 'up'

Settings, by environment: LIFELINE_STATE (/var/tmp/lifeline-sandbox), LIFELINE_CACHE (~/.cache/lifeline),
LIFELINE_K8S_BIN (a directory with kube-apiserver, kube-controller-manager, kube-scheduler, kubelet, kube-proxy),
LIFELINE_NET (10.203.0), LIFELINE_POD_NET (10.203), LIFELINE_SERVICE_NET (10.204), LIFELINE_LINK (lifeline0),
LIFELINE_WORKERS (w1 w2; empty for a control plane alone).
USAGE
}

lock() {
    mkdir -p "$LIFELINE_CACHE"
    exec 9>"$LIFELINE_CACHE/sandbox.lock"
    flock -n 9 || { say "Another 'sandbox up' or 'down' is at work; waiting for it."; flock 9; }
}

all_runs() {
    local w name
    for name in "${CP_SERVICES[@]}"; do cp_pid "$name" >/dev/null || return 1; done
    for w in "${WORKERS[@]}"; do
        for name in "${SERVICES[@]}"; do service_pid "$w" "$name" >/dev/null || return 1; done
        node_ready "$w" || return 1
    done
}

up() {
    local w pids=() pid started=$SECONDS
    need_root
    lock
    if pid_of cp >/dev/null; then
        if all_runs; then say "The sandbox is up already."; return; fi
        say "The sandbox is up in part: starting what is missing."
    else
        # Without PID 1 of the control plane there is no bridge and no data: whatever else is left is of no use.
        need_cgroups
        deps
        remove_all
    fi
    k8s_bin
    mkdir -p "$STATE" "$LOGS"
    prepare_state
    make_pki
    make_images
    say "Starting the control plane ($("$K8S_BIN/kube-apiserver" --version), $CP_ADDRESS)."
    start_cp_namespaces
    start_etcd
    start_apiserver
    ((${#WORKERS[@]} == 0)) || say "Starting the workers ${WORKERS[*]}."
    for w in "${WORKERS[@]}"; do
        start_worker_namespaces "$w"
        worker_network "$w"
    done
    # the API server takes some seconds: the workers' images come meanwhile
    for w in "${WORKERS[@]}"; do
        (start_containerd "$w" && import "$w" "$STATE/images/pause.tar" && import "$w" "$STATE/images/busybox.tar") &
        pids+=($!)
    done
    wait_for_api
    start_controllers
    for pid in "${pids[@]}"; do wait "$pid" || exit 1; done
    for w in "${WORKERS[@]}"; do start_service "$w" kubelet; start_service "$w" kube-proxy; done
    for w in "${WORKERS[@]}"; do
        # a stopped process or a cut network would keep it NotReady
        if link_is_cut "$w" || network_is_cut "$w" || is_stopped "$w" kubelet; then mend_worker "$w"; fi
        wait_for_node "$w"
    done
    wait_for 30 sa_ready || die_log "$LOGS/kube-controller-manager.log" "the default service account did not appear within 30 s."
    say "The sandbox is up after $((SECONDS - started)) s; Ready: ${WORKERS[*]:-no worker}. KUBECONFIG=$STATE/admin.kubeconfig"
}

is_stopped() { local pid; pid=$(service_pid "$1" "$2") && [[ $(process_state "$pid") == T ]]; }

# The overlays' upper directories cannot lie on an overlay themselves (a machine that is a container, say).
prepare_state() {
    if [[ $(stat -f -c %T "$STATE") == overlayfs ]] && ! mountpoint -q "$STATE"; then
        mount -t tmpfs -o mode=755 lifeline-sandbox "$STATE"
        mkdir -p "$LOGS"
    fi
}

# Everything of ours ends with the PID 1s; they are found by record and, should that be lost, by the mark in their
# environment. Only processes that carry our mark are ever killed.
our_processes() {
    local file
    for file in $(grep -lzsxF "LIFELINE_SANDBOX_OF=$STATE" /proc/[0-9]*/environ 2>/dev/null); do
        file=${file#/proc/}
        echo "${file%/environ}"
    done
}

remove_all() {
    local name pid inits=() pids
    for name in "${WORKERS[@]}" cp; do
        if pid=$(pid_of "$name"); then inits+=("$pid"); kill -9 "$pid" 2>/dev/null || true; fi
    done
    # a PID 1 is gone only when everything in its namespace is
    for pid in "${inits[@]}"; do
        wait_for 10 gone "$pid" || warn "PID 1 of a namespace of the sandbox (pid $pid) is still there 10 s after SIGKILL."
    done
    for _ in {1..100}; do
        mapfile -t pids < <(our_processes)
        ((${#pids[@]})) || break
        kill -9 "${pids[@]}" 2>/dev/null || true
        sleep 0.1
    done
    ((${#pids[@]} == 0)) || warn "processes ${pids[*]} of the sandbox are still there 10 s after SIGKILL."
    # goes with the control plane's namespace, but the kernel may take a moment, and so may we
    wait_for 5 no_link || ip link del "$LINK" 2>/dev/null || true
    remove_cgroups
    ! mountpoint -q "$STATE" || umount -l "$STATE"
    rm -rf "$STATE"
}
no_link() { ! ip link show "$LINK" 2>/dev/null; }

down() {
    need_root
    lock
    local was=down
    if [[ -d $STATE ]] || [[ -n $(our_processes) ]]; then was=up; fi
    remove_all
    if [[ $was == up ]]; then say "The sandbox is down, and nothing of it is left but the cache in $LIFELINE_CACHE."
    else say "The sandbox is down already."; fi
}

# Every kubectl at hand, of whatever version: a matrix for tests. Some packages have one of each version beside theirs.
kubectls() {
    local all=() k
    for k in "$(command -v kubectl)" "$(dirname "$(readlink -f "$(command -v kubectl)")")"/kubectl.[0-9]* "$LIFELINE_CACHE"/kubernetes-[0-9]*/kubectl "${LIFELINE_K8S_BIN:-/nonexistent}/kubectl"; do
        if [[ -x $k ]]; then all+=("$k"); fi
    done
    echo "${all[*]}"
}

print_env() {
    cat <<ENV
export KUBECONFIG=$STATE/admin.kubeconfig
export LIFELINE_STATE=$STATE
export LIFELINE_CP_ADDRESS=$CP_ADDRESS
$(for w in "${WORKERS[@]}"; do echo "export LIFELINE_${w^^}_ADDRESS=$(node_address "$w")"; done)
export LIFELINE_BUSYBOX_IMAGE=$BUSYBOX_IMAGE
export LIFELINE_KUBECTLS='$(kubectls)'
ENV
}

command=${1:-help}
shift || true
case $command in
    up | down | status) "$command" ;;
    break) break_worker "$@" ;;
    mend) mend_worker "$@" ;;
    enter) need_worker "${1:-}"; w=$1; shift; if (($# == 0)); then set -- bash -l; fi; enter "$w" "$@" ;;
    kubectl) exec kubectl --kubeconfig "$STATE/admin.kubeconfig" "$@" ;;
    load) (($#)) || die "which image archive? './lifeline image' makes target/lifeline-image.tar: 'sandbox load target/lifeline-image.tar'"; for file; do load_image "$file"; done ;;
    env) print_env ;;
    deps) need_root; deps ;;
    build) k8s_bin; echo "$K8S_BIN" ;;
    help | -h | --help) usage ;;
    *) usage >&2; die "'$command' is not a command of the sandbox." ;;
esac
