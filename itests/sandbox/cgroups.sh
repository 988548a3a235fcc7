# shellcheck shell=bash
# A cgroup of its own for each worker, in every hierarchy, below the one that we run in. A cgroup namespace then makes
# it the root that the worker sees, so two kubelets on one machine never meet. Sourced.

cgroup_name() { echo "$(basename "$STATE").$1"; }

# Prints one line per v1 hierarchy: the directory of our own cgroup in it.
own_cgroups() {
    local controllers path mount
    while IFS=: read -r _ controllers path; do
        [[ -n $controllers ]] || continue
        mount=$(awk -v want="${controllers%%,*}" '$3 == "cgroup" && ("," $4 ",") ~ ("," want ",") { print $2; exit }' /proc/mounts)
        [[ -n $mount ]] || continue
        # where only a part of the hierarchy is mounted, the path from its root may not exist: the mount is the root then
        if [[ -d $mount$path ]]; then echo "${mount}${path%/}"; else echo "$mount"; fi
    done </proc/self/cgroup
}

need_cgroups() {
    [[ -n $(own_cgroups) ]] ||
        die "no cgroup v1 hierarchy is mounted here. The sandbox's kubelets need v1 or hybrid cgroups (on a machine with systemd: boot with systemd.unified_cgroup_hierarchy=0)."
}

make_cgroups() {
    local dir
    own_cgroups | while read -r dir; do
        mkdir -p "$dir/$(cgroup_name "$1")"
        # a cpuset starts empty, and nothing can run in an empty one
        if [[ -e $dir/cpuset.cpus ]]; then
            cat "$dir/cpuset.cpus" >"$dir/$(cgroup_name "$1")/cpuset.cpus"
            cat "$dir/cpuset.mems" >"$dir/$(cgroup_name "$1")/cpuset.mems"
        fi
        echo "$dir/$(cgroup_name "$1")"
    done >"$STATE/run/$1.cgroups"
}

# Moves the calling shell (a subshell, usually) into the worker's cgroups. The control plane has none.
join_cgroups() {
    local dir
    [[ -f $STATE/run/$1.cgroups ]] || return 0
    while read -r dir; do
        echo "$BASHPID" >"$dir/cgroup.procs" || die "process $BASHPID could not be moved into $dir."
    done <"$STATE/run/$1.cgroups"
}

# Found by name, not by record: also what a crash has left.
remove_cgroups() {
    local dir try name
    for name in $(for w in "${WORKERS[@]}"; do cgroup_name "$w"; done); do
        for try in {1..50}; do
            find /sys/fs/cgroup -depth -type d -path "*/$name*" -exec rmdir {} + 2>/dev/null || true
            dir=$(find /sys/fs/cgroup -type d -name "$name" -print -quit 2>/dev/null)
            [[ -n $dir ]] || break
            # the kernel lets go of ended processes a little later
            sleep 0.1
        done
        [[ -z $dir ]] || warn "the cgroup $dir could not be removed, because something still runs in it ($try tries)."
    done
}
