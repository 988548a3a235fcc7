#!/usr/bin/env bash
# help: demo      a rescue walked through on the sandbox, every command with its true output; ends with a shell for you
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

need_root
cd "$home"
clean_up() {
    local code=$?
    if [[ $sandbox_was == up ]]; then
        say "The sandbox was up before, and stays up: ./lifeline sandbox down takes it down."
    else
        "$home/lifeline" sandbox down || true
    fi
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
reader=()
if [[ -t 0 && -t 1 ]]; then reader=(--reader); fi
run_java io.lifeline.itests.e2e.demo.Demo "${reader[@]}"
