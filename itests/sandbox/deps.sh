# shellcheck shell=bash
# shellcheck disable=SC2034  # used by the other parts
# What the sandbox needs from Debian, installed only when missing. Sourced.

# command (or file) to look for : the package that has it
DEPS=(
    etcd:etcd-server
    containerd:containerd
    runc:runc
    crun:crun
    /usr/lib/cni/bridge:containernetworking-plugins
    ip:iproute2
    iptables:iptables
    conntrack:conntrack
    nsenter:util-linux
    openssl:openssl
    curl:curl
    /bin/busybox:busybox-static
    kubectl:kubernetes-client
)
# Needed only to build Kubernetes from Debian's source package.
BUILD_DEPS=(go:golang-go rsync:rsync make:make gcc:gcc dpkg-source:dpkg-dev which:debianutils patch:patch)

missing_packages() {
    local entry what
    for entry in "$@"; do
        what=${entry%%:*}
        if [[ $what == /* ]]; then [[ -e $what ]] || echo "${entry#*:}"
        else have "$what" || echo "${entry#*:}"; fi
    done
}

# The packages bring daemons (etcd, containerd) that we run ourselves, in namespaces: Debian must not start its own.
# policy-rc.d is Debian's way to say so; it is there only while we install, and only if nobody else has put one there.
POLICY=/usr/sbin/policy-rc.d
forbid_services() {
    [[ -e $POLICY ]] && return
    printf '#!/bin/sh\n# lifeline sandbox: no services while installing\nexit 101\n' >$POLICY
    chmod +x $POLICY
}
allow_services() { if grep -qs 'lifeline sandbox' $POLICY; then rm -f $POLICY; fi; }

apt() { DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 "$@"; }

install_missing() {
    local packages log=$LIFELINE_CACHE/apt.log
    mapfile -t packages < <(missing_packages "$@" | sort -u)
    ((${#packages[@]})) || return 0
    say "Installing from Debian: ${packages[*]} (log: $log)."
    mkdir -p "$LIFELINE_CACHE"
    logged "$log" "apt-get update did not succeed." apt update
    forbid_services
    trap allow_services EXIT
    logged "$log" "apt-get could not install ${packages[*]}." apt install -y --no-install-recommends "${packages[@]}"
    allow_services
    trap - EXIT
    mapfile -t packages < <(missing_packages "$@" | sort -u)
    ((${#packages[@]} == 0)) || die_log "$log" "${packages[*]} were installed, but what is needed from them is still not there."
}

deps() { install_missing "${DEPS[@]}"; }
