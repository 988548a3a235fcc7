# shellcheck shell=bash
# The cluster's certificates and kubeconfigs, by openssl. EC keys: made in no time. Sourced.

PKI=$STATE/pki
API_URL=https://$CP_ADDRESS:$API_PORT

new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }

make_ca() {
    [[ -s $PKI/ca.crt ]] && return
    new_key "$PKI/ca.key"
    openssl req -x509 -new -key "$PKI/ca.key" -subj /CN=lifeline-sandbox-ca -days 3650 -sha256 \
        -addext 'keyUsage=critical,digitalSignature,keyCertSign,cRLSign' -out "$PKI/ca.crt.new"
    mv "$PKI/ca.crt.new" "$PKI/ca.crt"
}

# make_cert NAME SUBJECT clientAuth|serverAuth [SUBJECT-ALT-NAMES]
make_cert() {
    local name=$1 subject=$2 usage=$3 san=${4:-}
    [[ -s $PKI/$name.crt ]] && return
    new_key "$PKI/$name.key"
    openssl req -new -key "$PKI/$name.key" -subj "$subject" |
        openssl x509 -req -CA "$PKI/ca.crt" -CAkey "$PKI/ca.key" -set_serial "0x$(openssl rand -hex 8)" \
            -days 365 -sha256 -out "$PKI/$name.crt.new" -extfile <(
                printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=%s\n' "$usage"
                [[ -z $san ]] || printf 'subjectAltName=%s\n' "$san"
            ) 2>>"$LOGS/pki.log" || die_log "$LOGS/pki.log" "the certificate $name could not be made."
    mv "$PKI/$name.crt.new" "$PKI/$name.crt"
}

# kubeconfig FILE USER CERT KEY [CA]: the three are embedded, unless a CA's path is given: then all stay references.
kubeconfig() {
    local file=$1 user=$2 cert=$3 key=$4 ca=${5:-} ca_line cert_line key_line
    if [[ -n $ca ]]; then
        ca_line="certificate-authority: $ca" cert_line="client-certificate: $cert" key_line="client-key: $key"
    else
        ca_line="certificate-authority-data: $(base64 -w0 "$PKI/ca.crt")"
        cert_line="client-certificate-data: $(base64 -w0 "$cert")"
        key_line="client-key-data: $(base64 -w0 "$key")"
    fi
    (umask 077; cat >"$file") <<KUBECONFIG
apiVersion: v1
kind: Config
clusters:
- name: lifeline-sandbox
  cluster:
    server: $API_URL
    $ca_line
users:
- name: $user
  user:
    $cert_line
    $key_line
contexts:
- name: lifeline-sandbox
  context: {cluster: lifeline-sandbox, user: $user}
current-context: lifeline-sandbox
KUBECONFIG
}

make_pki() {
    local w
    mkdir -p "$PKI"
    chmod 700 "$PKI"
    make_ca
    make_cert apiserver /CN=kube-apiserver serverAuth \
        "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,DNS:localhost,IP:$CP_ADDRESS,IP:$SERVICE_NET.0.1,IP:127.0.0.1"
    make_cert apiserver-kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client clientAuth
    make_cert admin /O=system:masters/CN=admin clientAuth
    make_cert controller-manager /CN=system:kube-controller-manager clientAuth
    make_cert scheduler /CN=system:kube-scheduler clientAuth
    make_cert kube-proxy /CN=system:kube-proxy clientAuth
    for w in "${WORKERS[@]}"; do
        make_cert "$w-client" "/O=system:nodes/CN=system:node:$w" clientAuth
        make_cert "$w-serving" "/O=system:nodes/CN=system:node:$w" serverAuth "DNS:$w,IP:$(node_address "$w")"
    done
    if [[ ! -s $PKI/sa.pub ]]; then
        new_key "$PKI/sa.key"
        openssl pkey -in "$PKI/sa.key" -pubout -out "$PKI/sa.pub"
    fi
    kubeconfig "$STATE/admin.kubeconfig" admin "$PKI/admin.crt" "$PKI/admin.key"
    for user in controller-manager scheduler kube-proxy; do
        kubeconfig "$PKI/$user.kubeconfig" "$user" "$PKI/$user.crt" "$PKI/$user.key"
    done
}
