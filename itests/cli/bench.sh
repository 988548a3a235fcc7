#!/usr/bin/env bash
# help: bench     exec, transfers, echo, sessions and memory through the backup node, beside the real kubelet: [--size MiB] [--rounds N]; "bench idle" [--minutes N]: an agent at rest; "bench ssh": beside OpenSSH's server
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

size=512 rounds=5 minutes=5 idle=false ssh=false
if [[ ${1:-} == ssh ]]; then ssh=true size=256; shift; fi
while (($#)); do
    case $1 in
        --size) size=$2; shift ;;
        --rounds) rounds=$2; shift ;;
        idle) idle=true ;;
        --minutes) minutes=$2; shift ;;
        *) die "'$1' is not an option of 'bench': there are --size MiB and --rounds N, and idle with --minutes N." ;;
    esac
    shift
done

# OpenSSH's server to compare with: Debian's package, unpacked and not installed, so that nothing of it is started here.
sshd=${LIFELINE_CACHE:-$HOME/.cache/lifeline}/sshd
need_sshd() {
    [[ -x $sshd/usr/sbin/sshd ]] && return
    local work
    work=$(mktemp -d)
    (cd "$work" && apt-get -q download openssh-server libwrap0 >"$target/apt.log" 2>&1) ||
        die "openssh-server could not be had from Debian; see $target/apt.log."
    rm -rf "$sshd" && mkdir -p "$sshd"
    for package in "$work"/*.deb; do dpkg-deb -x "$package" "$sshd"; done
    rm -rf "$work"
}

need_root
cd "$home"
clean_up() {
    local code=$?
    if [[ $sandbox_was == down ]]; then "$home/lifeline" sandbox down || true; fi
    exit "$code"
}
need_tools
if [[ $ssh == true ]]; then need_sshd; fi
build_image
build_itests
sandbox_was=down
trap clean_up EXIT
trap 'exit 130' INT TERM
sandbox_up
sandbox_as_cluster
if [[ $ssh == true ]]; then
    run_java io.lifeline.itests.e2e.bench.SshBench "$size" "$rounds" "$sshd"
elif [[ $idle == true ]]; then
    run_java io.lifeline.itests.e2e.bench.IdleBench "$minutes"
else
    run_java io.lifeline.itests.e2e.bench.Bench "$size" "$rounds"
fi
