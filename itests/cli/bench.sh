#!/usr/bin/env bash
# help: bench     exec, transfers, echo, sessions and memory through the backup node, beside the real kubelet: [--size MiB] [--rounds N]; "bench idle" [--minutes N]: an agent at rest
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

size=512 rounds=5 minutes=5 idle=false
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

need_root
cd "$home"
clean_up() {
    local code=$?
    if [[ $sandbox_was == down ]]; then "$home/lifeline" sandbox down || true; fi
    exit "$code"
}
need_tools
build_image
build_itests
sandbox_was=down
trap clean_up EXIT
trap 'exit 130' INT TERM
sandbox_up
sandbox_as_cluster
if [[ $idle == true ]]; then
    run_java io.lifeline.itests.e2e.bench.IdleBench "$minutes"
else
    run_java io.lifeline.itests.e2e.bench.Bench "$size" "$rounds"
fi
