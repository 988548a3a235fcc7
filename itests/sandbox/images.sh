# shellcheck shell=bash
# shellcheck disable=SC2154  # `here` is set by sandbox.sh
# The two images that the sandbox brings along, made of Debian's busybox-static: nothing is pulled from anywhere. Sourced.

PAUSE_IMAGE=sandbox.local/pause:1
BUSYBOX_IMAGE=sandbox.local/busybox:1

make_images() {
    local dir=$STATE/images
    [[ -s $dir/pause.tar && -s $dir/busybox.tar ]] && return
    ! ldd /bin/busybox >/dev/null 2>&1 ||
        die "/bin/busybox is linked dynamically and cannot be an image on its own; install Debian's busybox-static in its place."
    rm -rf "$dir" && mkdir -p "$dir"/{pause,busybox}/bin "$dir"/busybox/{etc,root,tmp,var,usr,sbin,lib}
    cp /bin/busybox "$dir/pause/bin/"
    cp "$here/inside/init" "$dir/pause/init"
    cp /bin/busybox "$dir/busybox/bin/"
    /bin/busybox --list | grep -vx busybox | while read -r applet; do ln -s busybox "$dir/busybox/bin/$applet"; done
    chmod 1777 "$dir/busybox/tmp"
    echo 'root:x:0:0:root:/root:/bin/sh' >"$dir/busybox/etc/passwd"
    echo 'root:x:0:' >"$dir/busybox/etc/group"
    archive "$dir/pause" $PAUSE_IMAGE '["/bin/busybox","sh","/init"]' "$dir/pause.tar"
    archive "$dir/busybox" $BUSYBOX_IMAGE '["sh"]' "$dir/busybox.tar"
    rm -rf "${dir:?}/pause" "${dir:?}/busybox"
}

# archive ROOT REFERENCE ENTRYPOINT OUT: a docker archive with one layer.
archive() {
    local root=$1 reference=$2 command=$3 out=$4 tmp
    tmp=$(mktemp -d "$STATE/images/XXXXXX")
    tar -C "$root" --numeric-owner --owner=0 --group=0 --sort=name --mtime=@0 -cf "$tmp/layer.tar" .
    cat >"$tmp/config.json" <<CONFIG
{"architecture": "$(dpkg --print-architecture)", "os": "linux",
 "config": {"Cmd": $command, "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$(sha256sum "$tmp/layer.tar" | cut -d' ' -f1)"]}}
CONFIG
    echo "[{\"Config\": \"config.json\", \"RepoTags\": [\"$reference\"], \"Layers\": [\"layer.tar\"]}]" >"$tmp/manifest.json"
    tar -C "$tmp" -cf "$out.new" manifest.json config.json layer.tar
    mv "$out.new" "$out"
    rm -rf "$tmp"
}

# import W ARCHIVE: the file comes by stdin, since the worker does not see the machine's files.
import() {
    enter "$1" ctr -n k8s.io images import - <"$2" >>"$LOGS/$1.log" 2>&1 ||
        die_log "$LOGS/$1.log" "the image archive $2 could not be imported on $1."
}

load_image() {
    local file=$1 w pids=() pid
    [[ -r $file ]] || die "the image archive '$file' cannot be read."
    for w in "${WORKERS[@]}"; do pid_of "$w" >/dev/null || die "the worker $w does not run; './lifeline sandbox up' starts it."; done
    for w in "${WORKERS[@]}"; do import "$w" "$file" & pids+=($!); done
    for pid in "${pids[@]}"; do wait "$pid" || exit 1; done
    say "The images in $file are on ${WORKERS[*]}."
}
