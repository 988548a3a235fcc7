# shellcheck shell=bash
# Where the Kubernetes binaries come from: LIFELINE_K8S_BIN, or the PATH, or our cache, or a build from Debian's
# source package `kubernetes` (once, about ten minutes on two cores). Sourced.

K8S_NEEDED=(kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy)
K8S_BUILT=("${K8S_NEEDED[@]}" kubectl)

has_all() { local dir=$1 b; shift; for b in "$@"; do [[ -x $dir/$b ]] || return 1; done; }

# k8s_bin: sets K8S_BIN to a directory that holds them all; builds only if nothing else helps.
k8s_bin() {
    local b dir
    if [[ -n ${LIFELINE_K8S_BIN:-} ]]; then
        has_all "$LIFELINE_K8S_BIN" "${K8S_NEEDED[@]}" ||
            die "LIFELINE_K8S_BIN=$LIFELINE_K8S_BIN must hold ${K8S_NEEDED[*]}, but does not hold them all."
        K8S_BIN=$LIFELINE_K8S_BIN
        return
    fi
    for b in "${K8S_NEEDED[@]}"; do have "$b" || break; done
    if have "$b"; then
        # One directory of links, because the five may lie in different directories of the PATH.
        K8S_BIN=$LIFELINE_CACHE/kubernetes-path
        mkdir -p "$K8S_BIN"
        for b in "${K8S_NEEDED[@]}"; do ln -sfn "$(realpath "$(command -v "$b")")" "$K8S_BIN/$b"; done
        return
    fi
    for dir in "$LIFELINE_CACHE"/kubernetes-[0-9]*/; do
        if has_all "${dir%/}" "${K8S_BUILT[@]}"; then K8S_BIN=${dir%/}; return; fi
    done
    build_kubernetes
}

# The machine's own Debian sources, turned into source-package sources, in a directory of ours: no address is ours to
# know, and the machine's configuration stays as it is.
derive_source_lists() {
    local out=$1 codename file
    # shellcheck disable=SC1091
    codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
    mkdir -p "$out/parts" "$out/lists/partial"
    rm -f "$out"/parts/*
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [[ -f $file ]] || continue
        # "deb [options] uri suite components": kept when the suite is Debian's own
        sed -E 's/^(deb|deb-src)([[:space:]])/deb-src\2/' "$file" |
            grep -E "^deb-src[[:space:]]+(\[[^]]*\][[:space:]]+)?[^[:space:]]+[[:space:]]+${codename}([-/][^[:space:]]*)?[[:space:]]" |
            sort -u >"$out/parts/$(basename "$file" .list)-src.list" || true
    done
    for file in /etc/apt/sources.list.d/*.sources; do
        [[ -f $file ]] || continue
        awk -v codename="$codename" 'BEGIN { RS = ""; FS = "\n" }
            {
                keep = 0; text = ""
                for (i = 1; i <= NF; i++) {
                    if ($i ~ /^#/) continue
                    if ($i ~ /^Enabled:[ \t]*no/) { keep = 0; break }
                    if ($i ~ "^Suites:.*[ \t]" codename) keep = 1
                    if ($i ~ /^Signed-By:/ && $i !~ /debian-archive/) { keep = 0; break }
                    text = text ($i ~ /^Types:/ ? "Types: deb-src" : $i) "\n"
                }
                if (keep) print text
            }' "$file" >"$out/parts/$(basename "$file" .sources)-src.sources"
    done
    find "$out/parts" -type f -empty -delete
    [[ -n $(ls "$out/parts") ]] ||
        die "no Debian package source for $codename is configured under /etc/apt, so the source package of Kubernetes cannot be had; set LIFELINE_K8S_BIN to a directory with ${K8S_NEEDED[*]}."
}

apt_source() {
    local lists=$1; shift
    apt -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$lists/parts" -o Dir::State::lists="$lists/lists" \
        -o Dir::Cache::srcpkgcache= -o Dir::Cache::pkgcache= -o APT::Sandbox::User=root "$@"
}

build_kubernetes() {
    local dir=$LIFELINE_CACHE/build log=$LIFELINE_CACHE/build/build.log version
    say "No Kubernetes binaries at hand: building them once from Debian's source package (log: $log)."
    install_missing "${BUILD_DEPS[@]}"
    mkdir -p "$dir"
    exec 9>"$dir/lock"
    flock -n 9 || { say "Another build is under way; waiting for it."; flock 9; k8s_bin; return; }
    : >"$log"
    rm -rf "$dir/src" && mkdir -p "$dir/src"
    derive_source_lists "$dir/apt"
    say "Fetching the source package."
    logged "$log" "the index of Debian's source packages could not be fetched." apt_source "$dir/apt" update
    (cd "$dir/src" && logged "$log" "the source package kubernetes could not be fetched." \
        apt_source "$dir/apt" source --only-source kubernetes)
    local trees=("$dir"/src/kubernetes-*/)
    [[ -d ${trees[0]} ]] || die_log "$log" "the source package was fetched but not unpacked."
    compile_kubernetes "${trees[0]%/}" "$log"
    version=$("${trees[0]}/_output/bin/kubelet" --version | sed -E 's/.* v?([0-9]+\.[0-9]+\.[0-9]+).*/\1/')
    K8S_BIN=$LIFELINE_CACHE/kubernetes-$version
    mkdir -p "$K8S_BIN"
    local b
    for b in "${K8S_BUILT[@]}"; do cp -fL "${trees[0]}/_output/bin/$b" "$K8S_BIN/$b"; done
    # The tree and Go's cache are some gigabytes; the log stays.
    chmod -R u+w "$dir/src" "$dir/gocache" 2>/dev/null || true
    rm -rf "$dir/src" "$dir/gocache"
    exec 9>&-
    say "Kubernetes $version is built; the binaries are kept in $K8S_BIN."
}

# The vendored reflect2 1.0.1 calls into Go's runtime by a signature that Go 1.18 changed: kube-apiserver then dies of
# SIGSEGV when it first writes a custom resource's labels as JSON. Its 1.0.2 calls it like this.
mend_reflect2() {
    local dir=$1/vendor/github.com/modern-go/reflect2
    if grep -q 'm unsafe.Pointer, it \*hiter)$' "$dir/unsafe_link.go"; then return; fi
    sed -i -e 's|^func mapiterinit(.*) \*hiter$|func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer, it *hiter)|' \
        -e 's|^\t// rest fields are ignored$|\t_ [6]unsafe.Pointer\n\t_ [4]uintptr|' "$dir/unsafe_link.go"
    sed -i -e 's|^\treturn &UnsafeMapIterator{$|\tit := new(hiter)\n\tmapiterinit(type2.rtype, *(*unsafe.Pointer)(obj), it)\n&|' \
        -e 's|mapiterinit(type2.rtype, \*(\*unsafe.Pointer)(obj)),$|it,|' "$dir/unsafe_map.go"
    grep -q 'm unsafe.Pointer, it \*hiter)$' "$dir/unsafe_link.go" && grep -q '_ \[6\]unsafe.Pointer$' "$dir/unsafe_link.go" &&
        grep -q 'hiter: *it,$' "$dir/unsafe_map.go"
}

compile_kubernetes() {
    local tree=$1 log=$2 started=$SECONDS pid
    mend_reflect2 "$tree" || die "the vendored reflect2 is not the one that is known to need a mend for Go 1.18 and later."
    mkdir -p "$tree/.go/src/k8s.io"
    ln -sfn "$tree" "$tree/.go/src/k8s.io/kubernetes"
    (
        cd "$tree/.go/src/k8s.io/kubernetes" || exit
        export GOPATH=$tree/.go GO111MODULE=off GOCACHE=$LIFELINE_CACHE/build/gocache GOFLAGS=-v CGO_ENABLED=0
        exec make WHAT="${K8S_BUILT[*]/#/cmd/}"
    ) >>"$log" 2>&1 &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        say "$(printf 'Compiling: %d:%02d gone of about ten minutes, %d packages done.' \
            $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60)) "$(grep -cE '^(k8s\.io|github\.com|golang\.org|[a-z0-9./_-]+)$' "$log" || true)")"
        sleep 20 & wait -n "$pid" $! || true
    done
    wait "$pid" || die_log "$log" "Kubernetes could not be compiled."
}
