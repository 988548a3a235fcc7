# shellcheck shell=bash
# shellcheck disable=SC2034  # used by the other parts
# shellcheck disable=SC2154  # `here` is set by sandbox.sh
# A worker: namespaces, a root file system, and in them containerd, kubelet and kube-proxy. Sourced.

SERVICES=(containerd kubelet kube-proxy)

worker_dir() { echo "$STATE/$1"; }

# enter W CMD...: run CMD in all of the worker's namespaces and in its cgroups, with the environment of a login there.
enter() {
    local w=$1 init; shift
    init=$(pid_of "$w") || die "the worker $w does not run; './lifeline sandbox up' starts it."
    (
        join_cgroups "$w"
        exec env -i HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8 \
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            nsenter -t "$init" -m -u -i -n -p -C -- "$@" 9>&-
    )
}

start_worker_namespaces() {
    local w=$1 dir
    dir=$(worker_dir "$w")
    pid_of "$w" >/dev/null && return
    rm -rf "$dir"
    mkdir -p "$dir"/{upper,work,root,containerd,files}
    hide_from_worker "$dir/upper"
    worker_files "$w" "$dir/files"
    make_cgroups "$w"
    spawn_init "$w" --net --mount --uts --ipc --pid --cgroup -- "$here/inside/worker-root.sh" "$w" "$dir"
}

# In an overlay's upper directory, a character device 0/0 hides what the lower one has under that name. The worker gets
# the machine's programs and nothing else of it.
hide_from_worker() {
    local upper=$1 entry
    for entry in /* /.[!.]*; do
        case $entry in
            /bin | /sbin | /lib | /lib32 | /lib64 | /libx32 | /usr | /etc) ;;
            *) [[ ! -e $entry && ! -L $entry ]] || mknod "$upper$entry" c 0 0 ;;
        esac
    done
    mkdir -p "$upper/etc"
    for entry in /etc/{kubernetes,cni,containerd,resolv.conf,hostname,hosts,crictl.yaml}; do
        [[ ! -e $entry && ! -L $entry ]] || mknod "$upper$entry" c 0 0
    done
}

worker_network() {
    local w=$1 init other
    init=$(pid_of "$w")
    if nsenter -t "$init" -n -- ip link show eth0 >/dev/null 2>&1 && cp_enter ip link show "p-$w" >/dev/null 2>&1; then return; fi
    plug_in "$init" eth0 "$(node_address "$w")" "$w"
    nsenter -t "$init" -n -- ip link set lo up
    nsenter -t "$init" -n -- ip route replace default via "$GATEWAY"
    # Programs that look for a cloud's metadata there learn at once that there is none.
    nsenter -t "$init" -n -- ip route replace unreachable 169.254.0.0/16
    for other in "${WORKERS[@]}"; do
        [[ $other == "$w" ]] || nsenter -t "$init" -n -- ip route replace "$(pod_cidr "$other")" via "$(node_address "$other")"
    done
    # Pods keep their addresses among nodes and pods; only beyond does the node stand for them.
    enter "$w" sh -c "
        sysctl -qw net.ipv4.ip_forward=1
        sysctl -qw net.bridge.bridge-nf-call-iptables=1 2>/dev/null || true
        iptables -w -t nat -C POSTROUTING -s $(pod_cidr "$w") ! -d $POD_NET.0.0/16 -j MASQUERADE 2>/dev/null ||
        iptables -w -t nat -A POSTROUTING -s $(pod_cidr "$w") ! -d $POD_NET.0.0/16 -j MASQUERADE"
}

# Everything that is the worker's own below its root, laid out in a directory that is copied over it.
worker_files() {
    local w=$1 files=$2 plugin
    mkdir -p "$files"/etc/{kubernetes/{pki,manifests},cni/net.d,containerd,default} "$files/var/lib/kubelet/pki" \
        "$files"/usr/local/{bin,sbin,lib/lifeline-sandbox} "$files/opt/cni/bin"
    echo "$w" >"$files/etc/hostname"
    hosts_file >"$files/etc/hosts"
    # There is no DNS here, and asking this one fails at once instead of after a long wait.
    echo 'nameserver 127.0.0.1' >"$files/etc/resolv.conf"
    cp "$here/inside/init" "$here/inside/service" "$here/inside/docker" "$files/usr/local/lib/lifeline-sandbox/"
    cp "$here"/inside/start-* "$files/usr/local/sbin/"
    cp "$K8S_BIN/kubelet" "$K8S_BIN/kube-proxy" "$files/usr/local/bin/"
    for plugin in /usr/lib/cni/*; do ln -s "$plugin" "$files/opt/cni/bin/"; done

    cp "$PKI/ca.crt" "$files/etc/kubernetes/pki/ca.crt"
    (
        umask 077
        cat "$PKI/$w-client.crt" "$PKI/$w-client.key" >"$files/var/lib/kubelet/pki/kubelet-client-current.pem"
        cp "$PKI/$w-serving.crt" "$files/var/lib/kubelet/pki/kubelet.crt"
        cp "$PKI/$w-serving.key" "$files/var/lib/kubelet/pki/kubelet.key"
        cp "$PKI/kube-proxy.kubeconfig" "$files/etc/kubernetes/kube-proxy.kubeconfig"
    )
    local client=/var/lib/kubelet/pki/kubelet-client-current.pem
    kubeconfig "$files/etc/kubernetes/kubelet.conf" "system:node:$w" $client $client /etc/kubernetes/pki/ca.crt
    kubelet_config "$w" >"$files/var/lib/kubelet/config.yaml"
    kubelet_arguments "$w" >"$files/etc/default/kubelet"
    kube_proxy_config "$w" >"$files/etc/kubernetes/kube-proxy.yaml"
    containerd_config >"$files/etc/containerd/config.toml"
    cni_config "$w" >"$files/etc/cni/net.d/10-sandbox.conflist"
}

hosts_file() {
    local w
    echo '127.0.0.1 localhost'
    echo "$CP_ADDRESS cp"
    for w in "${WORKERS[@]}"; do echo "$(node_address "$w") $w"; done
}

k8s_minor() { "$K8S_BIN/kubelet" --version | sed -E 's/.* v?1\.([0-9]+).*/\1/'; }

# The lease and the status are renewed every 2 s, because a node counts as NotReady after 8 s here.
kubelet_config() {
    cat <<CONFIG
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true, cacheTTL: 5s}
  x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}
authorization: {mode: Webhook}
tlsCertFile: /var/lib/kubelet/pki/kubelet.crt
tlsPrivateKeyFile: /var/lib/kubelet/pki/kubelet.key
staticPodPath: /etc/kubernetes/manifests
resolvConf: /etc/resolv.conf
# no DNS in the cluster either; see /etc/resolv.conf
clusterDNS: [127.0.0.1]
clusterDomain: cluster.local
nodeLeaseDurationSeconds: 8
nodeStatusUpdateFrequency: 2s
cgroupDriver: cgroupfs
cgroupsPerQOS: true
enforceNodeAllocatable: []
failSwapOn: false
evictionHard: {}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
oomScoreAdj: 0
CONFIG
    local minor
    minor=$(k8s_minor)
    if ((minor < 25)); then echo 'featureGates: {LocalStorageCapacityIsolation: false}'
    else echo 'localStorageCapacityIsolation: false'; fi
    if ((minor >= 31)); then echo 'failCgroupV1: false'; fi
}

kubelet_arguments() {
    local w=$1 minor args
    minor=$(k8s_minor)
    args="--config=/var/lib/kubelet/config.yaml --kubeconfig=/etc/kubernetes/kubelet.conf --node-ip=$(node_address "$w")"
    args+=" --hostname-override=$w --container-runtime-endpoint=unix:///run/containerd/containerd.sock"
    if ((minor < 27)); then args+=" --container-runtime=remote"; fi
    if ((minor < 35)); then args+=" --pod-infra-container-image=$PAUSE_IMAGE"; fi
    echo "KUBELET_ARGS='$args'"
}

# kube-proxy may not set what belongs to the whole machine (conntrack's size and times), so it is told not to.
kube_proxy_config() {
    cat <<CONFIG
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection: {kubeconfig: /etc/kubernetes/kube-proxy.kubeconfig}
hostnameOverride: $1
mode: iptables
clusterCIDR: $POD_NET.0.0/16
oomScoreAdj: 0
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
CONFIG
}

# restrict_oom_score_adj: a machine may lack CAP_SYS_RESOURCE, and then no score can be lowered.
containerd_config() {
    cat <<CONFIG
version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$PAUSE_IMAGE"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/opt/cni/bin"
    conf_dir = "/etc/cni/net.d"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.crun]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.crun.options]
        BinaryName = "/usr/bin/crun"
CONFIG
}

cni_config() {
    cat <<CONFIG
{
  "cniVersion": "0.3.1",
  "name": "sandbox",
  "plugins": [
    {
      "type": "bridge", "bridge": "cni0", "isGateway": true, "hairpinMode": true,
      "ipam": {"type": "host-local", "ranges": [[{"subnet": "$(pod_cidr "$1")"}]], "routes": [{"dst": "0.0.0.0/0"}]}
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
CONFIG
}

# start_service W NAME
start_service() {
    local w=$1 name=$2
    service_pid "$w" "$name" >/dev/null && return
    logged "$LOGS/$w.log" "$name could not be started on $w." enter "$w" "/usr/local/sbin/start-$name"
}

containerd_ready() { enter "$1" timeout 2 ctr version; }

start_containerd() {
    start_service "$1" containerd
    wait_for 30 containerd_ready "$1" ||
        die_log "/proc/$(pid_of "$1")/root/var/log/containerd.log" "containerd on $1 does not answer."
}

# The API may call a node Ready that has just gone; so its kubelet must answer as well, by way of the API server.
node_ready() {
    [[ $(kctl get node "$1" --request-timeout=3s -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null) == True ]] &&
        [[ $(kctl get --raw "/api/v1/nodes/$1/proxy/healthz" --request-timeout=3s 2>/dev/null) == ok ]]
}

wait_for_node() {
    wait_for 60 node_ready "$1" ||
        die_log "/proc/$(pid_of "$1")/root/var/log/kubelet.log" "the node $1 did not become Ready within 60 s."
}
