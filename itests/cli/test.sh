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
image() {
    local made=("$target"/release/lifeline-image-*.tar)
    cp "${made[0]}" "$target/lifeline-image.tar"
}
package() {
    "$home/itests/install/package.sh" "$target"/release/lifeline-[0-9]*.tar.gz "$target"/release/lifeline-agent_*.deb
}
beside=()
clean_up() {
    local each
    for each in "${beside[@]}"; do kill "${each%%|*}" 2>/dev/null || true; wait "${each%%|*}" || true; done
    "$home/lifeline" sandbox down >&2 || say "The sandbox could not be taken down."
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# What measures nothing and needs nothing of the others goes on beside them; what it says comes with its end.
# beside SENTENCE CMD...: begins it; 'joined' waits for all of these, and they are told in the report then.
beside() {
    local log=$target/beside-${#beside[@]}.log
    say "== $1: begun"
    "${@:2}" >"$log" 2>&1 &
    beside+=("$!|$log|$1")
}
joined() {
    local each pid log sentence code
    for each in "${beside[@]}"; do
        IFS='|' read -r pid log sentence <<<"$each"
        code=0
        wait "$pid" || code=$?
        cat "$log" >&2
        step "$sentence" test "$code" = 0 || true
    done
    beside=()
}

everything() {
    step "the tools are there" need_tools || return
    # Unit tests that fail are counted one by one; the build goes on so that as much as possible is seen.
    step "everything is built and checked" maven verify -T 1C -Psbom --fail-at-end -Dmaven.test.failure.ignore=true "${long[@]}" || return
    step "a release is made" "$home/lifeline" release || return
    step "the image is the release's" image || return
    beside "the operator is tested on an API server, and killed at each of its requests" "$home/itests/install/operator.sh"
    step "a release made again is the same bytes" release_again || true
    step "the Debian package is installed, started, upgraded and purged" package || true
    step "the sandbox is up" "$home/lifeline" sandbox up || { joined; return 1; }
    step "the API server takes the manifests and the policies" "$home/itests/install/server.sh" || true
    joined
    "$home/itests/cli/e2e.sh" || return
}
everything || true

step "the sandbox is down and has left nothing" sandbox_is_gone || true
trap - EXIT
run_java io.lifeline.itests.testkit.WriteReport "$home" "$began" "${steps[@]}"
