# shellcheck shell=bash
# shellcheck disable=SC2154  # `here` is set by sandbox.sh
# The control plane: etcd, kube-apiserver, kube-controller-manager, kube-scheduler in namespaces of their own. Sourced.
#
# Its network namespace also holds the bridge to which the workers and the machine are plugged. So the machine's own
# network gets one interface only, and all of it goes when the control plane's PID 1 ends.

cp_enter() { nsenter -t "$(pid_of cp)" -m -u -n -p -- "$@"; }

start_cp_namespaces() {
    pid_of cp >/dev/null && return
    spawn_init cp --net --mount --uts --pid -- "$here/inside/cp-root.sh" "$STATE/etcd"
    cp_enter hostname cp
    cp_enter bash -c "
        ip link set lo up
        ip link add br0 type bridge
        ip addr add $CP_ADDRESS/24 dev br0
        ip link set br0 up
        # frames that cross the bridge are none of this namespace's iptables' business
        sysctl -qw net.bridge.bridge-nf-call-iptables=0 2>/dev/null || true"
    plug_in "$$" "$LINK" "$GATEWAY" machine
    local w
    for w in "${WORKERS[@]}"; do ip route replace "$(pod_cidr "$w")" via "$(node_address "$w")" dev "$LINK"; done
    for w in "${WORKERS[@]}"; do cp_enter ip route replace "$(pod_cidr "$w")" via "$(node_address "$w")"; done
}

# plug_in PID INTERFACE ADDRESS PORT: give the network namespace of PID an interface on the bridge.
plug_in() {
    local pid=$1 interface=$2 address=$3 port=$4
    cp_enter ip link del "p-$port" 2>/dev/null || true
    # made on the bridge's side and then pushed over, so that it never shows up anywhere else
    cp_enter ip link add "p-$port" master br0 type veth peer name "$interface"
    cp_enter ip link set "p-$port" up
    # the control plane's PID namespace does not know the other's pid: the namespace is handed over as an open file
    cp_enter ip link set "$interface" netns /proc/self/fd/7 7<"/proc/$pid/ns/net" ||
        die "the interface $interface could not be given to the namespace of $port."
    nsenter -t "$pid" -n -- ip addr add "$address/24" dev "$interface"
    nsenter -t "$pid" -n -- ip link set "$interface" up
}

# cp_start NAME ARGS...: start a control plane process unless it runs; the pid that it has inside is kept in its pidfile.
cp_start() {
    local name=$1; shift
    cp_pid "$name" >/dev/null && return
    # shellcheck disable=SC2016
    cp_enter sh -c 'log=$1 pidfile=$2; shift 2; setsid "$@" </dev/null >>"$log" 2>&1 9>&- & echo $! >"$pidfile"' \
        sh "$LOGS/$name.log" "$STATE/run/cp-$name.inner" "$@"
}

# cp_pid NAME: the process's pid as the machine sees it.
cp_pid() { service_pid cp "$1"; }

api_ready() { [[ $(curl -s --max-time 2 --cacert "$PKI/ca.crt" "$API_URL/readyz") == ok ]]; }
sa_ready() { kctl get serviceaccount default -n default; }

kctl() { kubectl --kubeconfig "$STATE/admin.kubeconfig" "$@"; }

start_etcd() {
    local flags=()
    # It lives on a tmpfs and for an afternoon; being safe on power loss would only make it slow.
    if etcd --help 2>&1 | grep -q -- --unsafe-no-fsync; then flags+=(--unsafe-no-fsync); fi
    cp_start etcd etcd --name sandbox --data-dir "$STATE/etcd/data" --listen-client-urls http://127.0.0.1:2379 \
        --advertise-client-urls http://127.0.0.1:2379 --listen-peer-urls http://127.0.0.1:2380 \
        --initial-advertise-peer-urls http://127.0.0.1:2380 --initial-cluster sandbox=http://127.0.0.1:2380 \
        --logger zap --log-level warn "${flags[@]}"
}

# Who asked for what: so that an agent's requests can be counted beside a kubelet's.
audit_policy() {
    cat <<POLICY
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
POLICY
}

start_apiserver() {
    audit_policy >"$STATE/audit-policy.yaml"
    cp_start kube-apiserver "$K8S_BIN/kube-apiserver" \
        --etcd-servers=http://127.0.0.1:2379 \
        --bind-address=0.0.0.0 --advertise-address="$CP_ADDRESS" --secure-port="$API_PORT" \
        --tls-cert-file="$PKI/apiserver.crt" --tls-private-key-file="$PKI/apiserver.key" \
        --client-ca-file="$PKI/ca.crt" --enable-bootstrap-token-auth=true \
        --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true \
        --kubelet-client-certificate="$PKI/apiserver-kubelet-client.crt" \
        --kubelet-client-key="$PKI/apiserver-kubelet-client.key" \
        --kubelet-certificate-authority="$PKI/ca.crt" --kubelet-preferred-address-types=InternalIP \
        --service-account-issuer=https://kubernetes.default.svc \
        --service-account-key-file="$PKI/sa.pub" --service-account-signing-key-file="$PKI/sa.key" \
        --audit-policy-file="$STATE/audit-policy.yaml" --audit-log-path="$LOGS/audit.log" \
        --audit-log-maxsize=200 --audit-log-maxbackup=1 \
        --service-cluster-ip-range="$SERVICE_NET.0.0/16" --enable-aggregator-routing=true \
        --default-not-ready-toleration-seconds=30 --default-unreachable-toleration-seconds=30
}

start_controllers() {
    local controllers='*,bootstrapsigner,tokencleaner'
    # Without workers the Nodes are what a test says, and no controller has a word in it.
    if ((${#WORKERS[@]} == 0)); then
        controllers=csrsigning,garbagecollector,namespace,root-ca-cert-publisher,serviceaccount,serviceaccount-token
    fi
    cp_start kube-controller-manager "$K8S_BIN/kube-controller-manager" \
        --kubeconfig="$PKI/controller-manager.kubeconfig" \
        --authentication-kubeconfig="$PKI/controller-manager.kubeconfig" \
        --authorization-kubeconfig="$PKI/controller-manager.kubeconfig" \
        --use-service-account-credentials=true --leader-elect=false \
        --root-ca-file="$PKI/ca.crt" --service-account-private-key-file="$PKI/sa.key" \
        --cluster-signing-cert-file="$PKI/ca.crt" --cluster-signing-key-file="$PKI/ca.key" \
        --node-monitor-period=2s --node-monitor-grace-period=8s --controllers="$controllers"
    cp_start kube-scheduler "$K8S_BIN/kube-scheduler" --kubeconfig="$PKI/scheduler.kubeconfig" \
        --authentication-kubeconfig="$PKI/scheduler.kubeconfig" \
        --authorization-kubeconfig="$PKI/scheduler.kubeconfig" --leader-elect=false
}

wait_for_api() {
    wait_for 60 api_ready || die_log "$LOGS/kube-apiserver.log" "the kube-apiserver at $API_URL did not become ready within 60 s."
}
