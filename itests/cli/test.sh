#!/usr/bin/env bash
# help: test      everything: build, unit tests, image, sandbox, end-to-end tests; what .ci/run runs. --full: also what takes long
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

# The long forms of tests whose short ones run always: the soak of ten minutes, a hundred times the usual inputs, upgrades
# with twenty people in.
long=()
while (($#)); do
    case $1 in
        --full) export E2E_FULL=true; long=(-Dsoak.seconds=600 -Djqwik.tries.default=40000) ;;
        *) die "'$1' is not an option of 'test': there is --full." ;;
    esac
    shift
done

need_root
cd "$home"
began=$target/.test-began
rm -f "$target/report.json" "$target/measurements.tsv"
touch "$began"
steps=()
# step SENTENCE CMD...: run it; how it ended is told in the report.
step() {
    local sentence=$1 started=$SECONDS; shift
    say "== $sentence"
    if "$@"; then
        steps+=("PASSED:$sentence"); say "== $sentence: done after $((SECONDS - started)) s"
    else
        steps+=("FAILED:$sentence"); say "== $sentence: FAILED after $((SECONDS - started)) s"
        return 1
    fi
}

# Nothing of it may be left: no process, no interface, no mount.
sandbox_is_gone() {
    "$home/lifeline" sandbox down || return
    ! ip link show "${LIFELINE_LINK:-lifeline0}" >/dev/null 2>&1 || return
    ! grep -q lifeline-sandbox /proc/mounts
}
# The files of a release made again are the same bytes.
release_again() {
    "$home/lifeline" release "$target/release-again" && cmp "$target"/release{,-again}/SHA256SUMS && rm -rf "$target/release-again"
}
package() {
    "$home/itests/install/package.sh" "$target"/release/lifeline-[0-9]*.tar.gz "$target"/release/lifeline-agent_*.deb
}
clean_up() { "$home/lifeline" sandbox down >&2 || say "The sandbox could not be taken down."; }
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

everything() {
    step "the tools are there" need_tools || return
    # Unit tests that fail are counted one by one; the build goes on so that as much as possible is seen.
    step "everything is built and checked" maven verify -Psbom --fail-at-end -Dmaven.test.failure.ignore=true "${long[@]}" || return
    step "the image is built" "$home/lifeline" image || return
    step "a release is made" "$home/lifeline" release || return
    step "a release made again is the same bytes" release_again || true
    step "the Debian package is installed, started, upgraded and purged" package || true
    step "the operator is tested on an API server, and killed at each of its requests" "$home/itests/install/operator.sh" || true
    step "the sandbox is up" "$home/lifeline" sandbox up || return
    step "the API server takes the manifests and the policies" "$home/itests/install/server.sh" || true
    "$home/itests/cli/e2e.sh" || return
}
everything || true

step "the sandbox is down and has left nothing" sandbox_is_gone || true
trap - EXIT
run_java io.lifeline.itests.testkit.WriteReport "$home" "$began" "${steps[@]}"
