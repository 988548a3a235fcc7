# shellcheck shell=bash
# Shared by the commands: messages, building, the sandbox as the cluster under test. Sourced.

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
target=$home/target
mkdir -p "$target"

say() { printf '%s\n' "$*" >&2; }
die() { printf 'Failed: %s\n' "$*" >&2; exit 1; }
need_root() { [[ $EUID -eq 0 ]] || die "this makes namespaces and mounts, so it must be run as root."; }

# What building and testing need beyond Debian's base: the rest comes by 'sandbox deps'.
need_tools() {
    local missing=()
    command -v mvn >/dev/null || missing+=(maven)
    command -v javac >/dev/null || missing+=(openjdk-17-jdk-headless)
    command -v ssh >/dev/null || missing+=(openssh-client)
    command -v script >/dev/null || missing+=(bsdutils)
    command -v tmux >/dev/null || missing+=(tmux)
    command -v vi >/dev/null || missing+=(vim-tiny)
    # For a worker whose clock is wrong, as its agent sees it.
    command -v gcc >/dev/null || missing+=(gcc)
    if ((${#missing[@]})); then
        say "Installing from Debian: ${missing[*]}."
        apt-get -q update >"$target/apt.log" 2>&1 &&
            DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "${missing[@]}" >>"$target/apt.log" 2>&1 ||
            die "apt-get could not install ${missing[*]}; see $target/apt.log."
    fi
    "$home/lifeline" sandbox deps
}

maven() { (cd "$home" && mvn -B "$@"); }

# The programs that are run from their classes: testkit and e2e.
build_itests() {
    maven -q -pl itests/testkit,itests/e2e -am -DskipTests -Dspotless.check.skip test-compile ||
        die "the tests could not be compiled."
}
run_java() { java -cp "$home/itests/testkit/target/classes:$home/itests/e2e/target/classes" "$@"; }

# The image, built unless it is newer than everything it is made of.
build_image() {
    local image=$target/lifeline-image.tar
    if [[ -s $image && -z $(find "$home"/{bundles,features,karaf-assembly,container,etc} -newer "$image" -type f \
        -not -path '*/target/*' -print -quit) ]]; then return; fi
    say "Building Lifeline and its image (log: $target/build.log)."
    { "$home/lifeline" build && "$home/lifeline" image; } >"$target/build.log" 2>&1 ||
        { tail -n 30 "$target/build.log" >&2; die "the build did not succeed; its log is $target/build.log."; }
}

# Points the E2E_ variables at the sandbox, which is up.
sandbox_as_cluster() {
    local sandbox="$home/lifeline sandbox"
    eval "$($sandbox env)"
    export E2E_HOME=$home E2E_KUBECONFIG=$KUBECONFIG E2E_KUBECTLS=$LIFELINE_KUBECTLS E2E_WORKER=w2 E2E_PEER=w1
    export E2E_BREAK="$sandbox break w2 kubelet" E2E_BREAK_BOTH="$sandbox break w2 both" E2E_BREAK_HANG="$sandbox break w2 hang"
    export E2E_BREAK_NET="$sandbox break w2 net" E2E_BREAK_LINK="$sandbox break w2 link" E2E_MEND_LINK="$sandbox mend w2 link"
    export E2E_BREAK_API="$sandbox break cp api" E2E_MEND_API="$sandbox mend cp"
    export E2E_MEND="$sandbox mend w2" E2E_ENTER="$sandbox enter w2" E2E_HEAL=start-kubelet
    export E2E_LOAD="$sandbox load"
    export E2E_AUDIT_LOG=$LIFELINE_STATE/logs/audit.log E2E_BUSYBOX=$LIFELINE_BUSYBOX_IMAGE
}

# sandbox_up: up, with our image on the workers. Sets sandbox_was to what it was before.
sandbox_up() {
    sandbox_was=down
    if "$home/lifeline" sandbox status >/dev/null 2>&1; then sandbox_was=up; fi
    "$home/lifeline" sandbox up
    "$home/lifeline" sandbox load "$target/lifeline-image.tar"
}
