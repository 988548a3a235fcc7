#!/usr/bin/env bash
# package.sh DISTRIBUTION DEB: the package is installed in a root of its own, upgraded, removed and purged; the unit is
# verified, and what was installed is started. No systemd is needed, and nothing of this machine is changed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(cd "$here/../.." && pwd)
distribution=$1 deb=$2

say() { printf '%s\n' "$*" >&2; }
die() { printf 'Failed: %s\n' "$*" >&2; exit 1; }
[[ $EUID -eq 0 ]] || die "dpkg --root must be run as root."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root"/var/lib/dpkg/{info,updates} "$root"/{usr/lib,usr/bin,etc/systemd/system}
ln -s usr/lib "$root/lib"
touch "$root/var/lib/dpkg/status"

# The maintainer scripts run outside of the root and are told of it (DPKG_ROOT): the way images are made.
in_root() {
    DEBIAN_FRONTEND=noninteractive dpkg --root="$root" --force-script-chrootless --force-depends --force-confold "$@" \
        >"$work/dpkg.log" 2>&1 || { cat "$work/dpkg.log" >&2; die "dpkg $*"; }
}
state() { dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${Status} ${Version}' lifeline-agent 2>/dev/null || true; }
enabled() { [[ -L $root/etc/systemd/system/multi-user.target.wants/lifeline-agent.service ]]; }

say "-- installing"
in_root -i "$deb"
[[ $(state) == 'install ok installed '* ]] || die "after the installation: $(state)"
enabled || die "the service is not enabled"
[[ -x $root/usr/lib/lifeline/bin/lifeline ]] || die "bin/lifeline is missing"
[[ ! -e $root/usr/lib/lifeline/etc ]] || die "settings are in two places"
for file in "$home"/etc/*; do
    name=${file##*/}
    case $name in io.lifeline.operator.cfg | io.lifeline.proxy.cfg) continue ;; esac
    cmp -s "$file" "$root/etc/lifeline/$name" || die "/etc/lifeline/$name is not the distribution's"
done

say "-- the unit"
if command -v systemd-analyze >/dev/null; then
    # Its targets are those of this machine's systemd.
    cp -R /lib/systemd/system/. "$root/lib/systemd/system/" 2>/dev/null || true
    cp "$home/karaf-assembly/deb/lifeline-agent.service" "$root/lib/systemd/system/"
    systemd-analyze verify --man=no --root="$root" lifeline-agent.service >"$work/verify.log" 2>&1 || true
    if grep lifeline-agent "$work/verify.log" >&2; then die "systemd-analyze finds fault with the unit"; fi
else
    say "systemd-analyze is not here: the unit is not verified."
fi

say "-- what was installed, started"
kubelet=$work/kubelet.conf
before=$(cd "$root/etc/lifeline" && find . -type f -exec md5sum {} + | sort)
# Process 1 of namespaces of its own, so that it finds 'the worker' there, and its tmpfs goes with it.
started() {
    LIFELINE_ROLE=agent LIFELINE_SUPERVISE=false LIFELINE_ETC=$root/etc/lifeline LIFELINE_NODE_WORKER_NAME=package-test \
        LIFELINE_NODE_WORKER_ADDRESS=127.0.0.1 LIFELINE_NODE_CREDENTIAL_KUBECONFIG=$kubelet \
        timeout -s TERM -k 5 60 unshare --mount --net --pid --fork --mount-proc --kill-child \
        sh -c 'ip link set lo up 2>/dev/null; "$1"; true' sh "$root/usr/lib/lifeline/bin/lifeline" >"$work/agent.log" 2>&1 &
    agent=$!
    local tries=0
    until grep -q 'not armed yet' "$work/agent.log"; do
        tries=$((tries + 1))
        if ((tries > 300)) || ! kill -0 "$agent" 2>/dev/null; then
            tail -n 20 "$work/agent.log" >&2
            die "the installed agent did not come up"
        fi
        sleep 0.2
    done
    kill "$agent" 2>/dev/null || true
    wait "$agent" || true
    tail -n 2 "$work/agent.log" >&2
}
started
after=$(cd "$root/etc/lifeline" && find . -type f -exec md5sum {} + | sort)
[[ $before == "$after" ]] || { diff <(echo "$before") <(echo "$after") >&2; die "the agent has changed its settings"; }

say "-- upgrading, with settings that were changed"
echo '# ours' >>"$root/etc/lifeline/io.lifeline.node.worker.cfg"
echo 'LIFELINE_LOG_LEVEL=DEBUG' >>"$root/etc/default/lifeline-agent"
LIFELINE_DEB_VERSION=0.1.0+later "$home/karaf-assembly/deb/build.sh" "$distribution" "$work/later.deb"
in_root -i "$work/later.deb"
[[ $(state) == 'install ok installed 0.1.0+later' ]] || die "after the upgrade: $(state)"
grep -q '^# ours' "$root/etc/lifeline/io.lifeline.node.worker.cfg" || die "the upgrade has lost a setting"
grep -q '^LIFELINE_LOG_LEVEL=DEBUG' "$root/etc/default/lifeline-agent" || die "the upgrade has lost a variable"
enabled || die "the upgrade has disabled the service"

say "-- removing"
in_root -r lifeline-agent
[[ ! -e $root/usr/lib/lifeline && -s $root/etc/lifeline/io.lifeline.node.worker.cfg ]] || die "removed too much, or too little"

say "-- purging"
in_root -P lifeline-agent
left=$(find "$root" -iname '*lifeline*' -not -path '*/var/lib/dpkg/*-old')
[[ -z $left && -z $(state) ]] || die "the purge has left: $left $(state)"

say "The package installs, starts, upgrades, is removed and purged."
