#!/usr/bin/env bash
# Builds Lifeline's image without any registry: a base of Debian packages and a small Java runtime, and the distribution.
#
#   build.sh DISTRIBUTION.tar.gz OUT.tar
#
# OUT is an OCI image layout in a tar, as `ctr -n k8s.io images import OUT` and `podman load` take it. Its bytes depend
# on the packages' versions and the distribution alone, but for one file, the JVM's archive of classes (archive() below).
# That and the base are kept in $LIFELINE_CACHE (~/.cache/lifeline), so that a second build gives the same. Beside
# it, OUT with .packages instead of .tar tells what the base was made of, for sbom.sh.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${LIFELINE_CACHE:-$HOME/.cache/lifeline}/image
NAME=lifeline.local/lifeline
VERSION=0.1.0

# Debian's, because they are patched by Debian; just what bin/lifeline and the JVM call.
PACKAGES=(
    base-files libc-bin libc6 dash coreutils findutils grep util-linux mount
    libacl1 libattr1 libgmp10 libselinux1 libpcre2-8-0 libmount1 libblkid1 libsmartcols1 libuuid1 libcap-ng0 libcrypt1
    libtinfo6 libudev1 libsystemd0 libcap2 libnss-myhostname zlib1g libgcc-s1 libstdc++6
)
# What the distribution was seen to load in each role. java.desktop is there for java.beans alone.
MODULES=java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.security.jgss
MODULES+=,java.security.sasl,java.sql,java.xml,jdk.crypto.ec,jdk.net,jdk.unsupported

say() { printf '%s\n' "$*" >&2; }
die() { printf 'Failed: %s\n' "$*" >&2; exit 1; }

distribution=${1:?the distribution, lifeline-$VERSION.tar.gz}
out=${2:?where the image goes}
[[ -s $distribution ]] || die "there is no distribution $distribution; './lifeline build' makes it."
for tool in apt-get dpkg-deb tar gzip sha256sum unshare; do
    command -v "$tool" >/dev/null || die "$tool is not here; the image is made of Debian packages, on Debian."
done

java_home() {
    local candidate
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/java-17-openjdk-*; do
        [[ -n $candidate && -x $candidate/bin/jlink && -d $candidate/jmods ]] || continue
        "$candidate/bin/java" -version 2>&1 | grep -q 'version "17\.' && { echo "$candidate"; return; }
    done
    die "no JDK 17 with jlink and jmods; install openjdk-17-jdk-headless."
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# pack FOLDER OUT: a layer; the same bytes for the same files.
pack() {
    chmod -R u+rw,go-w "$1"
    # The one folder that everybody writes to: operator and proxy are not root.
    if [[ -d $1/tmp ]]; then chmod 1777 "$1/tmp"; fi
    tar -C "$1" --numeric-owner --owner=0 --group=0 --sort=name --mtime=@0 --format=gnu -cf "$2" .
}

# The versions of everything the base is made of.
base_key() {
    {
        declare -f make_base merge_usr slim
        echo "$MODULES"
        apt-cache policy "${PACKAGES[@]}" | sed -n '/^[^ ]/p; /Candidate:/p'
        "$jdk/bin/java" -version 2>&1
    } | sha256sum | cut -c1-16
}

make_base() {
    local root=$work/base debs=$cache/debs
    mkdir -p "$root" "$debs"
    say "Making the image's base: ${#PACKAGES[@]} Debian packages and a Java runtime."
    (cd "$debs" && rm -f ./*.deb && apt-get -q download "${PACKAGES[@]}" >"$work/apt.log" 2>&1) ||
        { tail -n 5 "$work/apt.log" >&2; die "apt-get could not download the packages; 'apt-get update' may help."; }
    local deb
    for deb in "$debs"/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -C "$root" -x --no-same-owner; done
    {
        for deb in "$debs"/*.deb; do
            printf 'deb\t%s\t%s\n' "$(dpkg-deb -W --showformat '${Package}\t${Version}\t${Architecture}' "$deb")" \
                "$(sha256sum <"$deb" | cut -d' ' -f1)"
        done
        sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"$/jdk\topenjdk\t\1/p' "$jdk/release"
    } >"$1.packages"
    merge_usr "$root"
    slim "$root"
    mkdir -p "$root"/{tmp,run,proc,sys,dev,etc,root,opt}
    chmod 1777 "$root/tmp"
    printf 'root:x:0:0:root:/root:/bin/sh\nlifeline:x:65532:65532::/tmp:/usr/sbin/nologin\n' >"$root/etc/passwd"
    printf 'root:x:0:\nlifeline:x:65532:\n' >"$root/etc/group"
    # The JVM asks for the machine's own name at start: never of a name server that may be out of reach.
    echo 'hosts: files myhostname dns' >"$root/etc/nsswitch.conf"
    ln -sf dash "$root/usr/bin/sh"
    "$jdk/bin/jlink" --module-path "$jdk/jmods" --add-modules "$MODULES" --strip-debug --no-header-files --no-man-pages \
        --output "$root/opt/java"
    # Classes of the JDK that are mapped instead of parsed: a third of a second at each start.
    "$root/opt/java/bin/java" -XX:+UseSerialGC -Xshare:dump >"$work/cds.log" 2>&1 || die "$(tail -n 3 "$work/cds.log")"
    ldconfig -r "$root"
    rm -rf "$root/var/cache/ldconfig"
    check "$root"
    pack "$root" "$work/base.tar"
    gzip -n -6 <"$work/base.tar" >"$1.new"
    sha256sum <"$work/base.tar" | cut -d' ' -f1 >"$1.diff"
    mv "$1.new" "$1"
}

# Debian is merging / and /usr; some packages still have /lib and /bin of their own.
merge_usr() {
    local dir
    for dir in bin sbin lib lib64; do
        if [[ -d $1/$dir && ! -L $1/$dir ]]; then
            mkdir -p "$1/usr/$dir"
            cp -a "$1/$dir/." "$1/usr/$dir/"
            rm -rf "${1:?}/$dir"
        fi
        if [[ -d $1/usr/$dir ]]; then ln -sfn "usr/$dir" "$1/$dir"; fi
    done
}

# Nothing that nobody reads in a container: documentation, tables for other character sets, services, the rest of util-linux.
slim() {
    local lib
    lib=$(echo "$1"/usr/lib/*-linux-gnu)
    rm -rf "$1"/usr/share/{doc,man,info,locale,lintian,bash-completion,bug,gcc,gdb,pam-configs,base-files,util-linux,initramfs-tools} \
        "$1"/usr/lib/{systemd,udev,tmpfiles.d} "$1"/etc/{update-motd.d,motd,pam.d,init.d,systemd} "$1"/var/lib/{dpkg,systemd} \
        "$lib"/{gconv,audit,security}
    local keep='nsenter|flock|mount|umount|findmnt|mountpoint|unshare|setsid|dmesg|lsblk'
    dpkg-deb --fsys-tarfile "$(echo "$cache"/debs/util-linux_*.deb)" | tar -t | sed -n 's|^\./\(usr/\)\{0,1\}\(s\{0,1\}bin/[^/][^/]*\)$|\2|p' |
        grep -vE "/($keep)$" | while read -r tool; do rm -f "$1/usr/$tool"; done
}

# Every program and library must find its libraries inside.
check() {
    local missing
    missing=$(find "$1/usr/bin" "$1/usr/sbin" "$1/opt/java/bin" "$1/opt/java/lib" -type f | while read -r file; do
        chroot "$1" /lib64/ld-linux-x86-64.so.2 --list "${file#"$1"}" 2>/dev/null | grep 'not found' || true
    done | sort -u)
    [[ -z $missing ]] || die "the base misses libraries: $missing"
}

# inside ROOT NAME=VALUE... CMD...: in a root of its own, with the kernel's own file systems.
inside() {
    local root=$1 own=(--mount --pid --fork --kill-child)
    shift
    if ((EUID)); then own+=(--map-root-user); fi
    unshare "${own[@]}" sh -c 'root=$1 && shift && mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" &&
        exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 JAVA_HOME=/opt/java "$@"' \
        sh "$root" "$@"
}

# warm_up PROGRAM: what each agent would else work out at its first start on a node, and its classes as the JVM maps them.
warm_up() {
    local root=$work/warm program=$1/opt/lifeline features
    mkdir -p "$root/opt" "$program/prepared"
    tar -C "$root" -xzf "$base"
    cp -a "$program" "$root/opt/lifeline"
    # The JVM looks at the jars' times; the layer has these.
    find "$root/opt/lifeline" -exec touch -h -d @0 {} +
    for ssh in false true; do
        inside "$root" LIFELINE_ROLE=agent LIFELINE_SSH=$ssh LIFELINE_PREPARE=/tmp/prepare \
            sh -c 'mkdir -p /tmp/prepare && exec /opt/lifeline/bin/lifeline' >"$work/prepare.log" 2>&1 ||
            { tail -n 5 "$work/prepare.log" >&2; die "the agent's start could not be prepared; this takes namespaces and mounts: be root."; }
        prepared=$(echo "$root"/tmp/prepare/prepared-*)
        same_files "$prepared" "$program/system"
        cp -al "$prepared" "$program/prepared/${prepared##*/prepared-}"
        rm -rf "$root/tmp/prepare"
    done
    archive "$root"
    cp "$archive" "$program/prepared/agent.jsa"
}

# same_files PREPARED SYSTEM: bundles are in the image once; when they were prepared, and in which order, is not in it.
same_files() {
    local sum file info
    local -A jars=()
    while read -r sum file; do jars[$sum]=$file; done < <(find "$2" -name '*.jar' -exec sha256sum {} + | sort)
    while read -r sum file; do
        [[ -n ${jars[$sum]:-} ]] || die "the prepared ${file#"$1"} is none of the distribution's bundles."
        ln -f "${jars[$sum]}" "$file"
    done < <(find "$1" -name bundle.jar -exec sha256sum {} +)
    for info in "$1"/cache/bundle*/bundle.info; do sed -i '5s/.*/0/' "$info"; done
    # Karaf keeps what is installed in sets and maps, and writes them in whatever order they have.
    perl -pi -e 'my $text = qr{"(?:[^"\\]|\\.)*"}; my $item = qr{$text(?::$text)?};
        s/([\[{])($item(?:,$item)*)([\]}])/my ($of, $all, $end) = ($1, $2, $3); $of . join(",", sort($all =~ m{$item}g)) . $end/ge' \
        "$1"/cache/bundle*/data/state.json
}

# archive ROOT: the classes of classes.txt as the JVM maps them; sets $archive. Which bytes the JVM makes of them depends a
# little on its threads, so what was made once is kept, for as long as what it is made of stays the same.
archive() {
    local root=$1 key class_path
    key=$({ cat "$base.diff" "$here/classes.txt" "$here/ClassList.java" && declare -f archive && cd "$root" &&
        find opt/lifeline/{lib,system} -type f -exec sha256sum {} + | sort; } | sha256sum | cut -c1-16)
    archive=$cache/classes-$key.jsa
    [[ ! -s $archive ]] || return 0
    mkdir -p "$root/tmp/classes"
    "$jdk/bin/java" "$here/ClassList.java" "$here/classes.txt" "$root/opt/lifeline" "$root" /tmp/classes
    grep '^@' "$root/opt/java/lib/classlist" >>"$root/tmp/classes/list"
    class_path=$(cd "$root" && ls opt/lifeline/lib/boot/*.jar opt/lifeline/lib/jdk9plus/*.jar | sed 's|^|/|' | paste -sd:)
    inside "$root" /opt/java/bin/java -XX:+UseSerialGC -Xmx256m -Xshare:dump -XX:SharedClassListFile=/tmp/classes/list \
        -XX:SharedArchiveFile=/tmp/agent.jsa -cp "$class_path" >"$work/archive.log" 2>&1 ||
        die "$(tail -n 3 "$work/archive.log")"
    find "$cache" -name "classes-*.jsa" -mtime +0 -delete
    cp "$root/tmp/agent.jsa" "$archive.new"
    mv "$archive.new" "$archive"
}

# blob FILE: puts it into the layout under its digest; says the digest.
blob() {
    local digest
    digest=$(sha256sum <"$1" | cut -d' ' -f1)
    mv "$1" "$layout/blobs/sha256/$digest"
    echo "$digest"
}

size_of() { stat -c %s "$layout/blobs/sha256/$1"; }

jdk=$(java_home)
mkdir -p "$cache"
base=$cache/base-$(base_key).tar.gz
[[ -s $base && -s $base.diff && -s $base.packages ]] || make_base "$base"

layout=$work/layout
mkdir -p "$layout/blobs/sha256" "$work/program/opt/lifeline"
tar -C "$work/program/opt/lifeline" --strip-components=1 -xzf "$distribution"
# The library of TLS for other processors than this image's.
find "$work/program/opt/lifeline/lib/native" -name '*.so' -not -name "*_$(uname -m | sed 's/aarch64/aarch_64/').so" -delete
chmod -R a+rX "$work/program"
warm_up "$work/program"
chmod -R a+rX "$work/program"
pack "$work/program" "$work/program.tar"
gzip -n -6 <"$work/program.tar" >"$work/program.tar.gz"
program_diff=$(sha256sum <"$work/program.tar" | cut -d' ' -f1)
program=$(blob "$work/program.tar.gz")
cp "$base" "$work/base.tar.gz"
base_digest=$(blob "$work/base.tar.gz")

cat >"$work/config.json" <<CONFIG
{"architecture":"$(dpkg --print-architecture)","os":"linux","created":"1970-01-01T00:00:00Z",
"config":{"Entrypoint":["/opt/lifeline/bin/lifeline"],"WorkingDir":"/","StopSignal":"SIGTERM",
"Env":["PATH=/usr/sbin:/usr/bin:/sbin:/bin","LANG=C.UTF-8","JAVA_HOME=/opt/java"],
"Labels":{"org.opencontainers.image.title":"Lifeline","org.opencontainers.image.version":"$VERSION","org.opencontainers.image.licenses":"Apache-2.0"}},
"rootfs":{"type":"layers","diff_ids":["sha256:$(cat "$base.diff")","sha256:$program_diff"]},
"history":[{"created_by":"Debian packages and a Java runtime"},{"created_by":"Lifeline $VERSION"}]}
CONFIG
config=$(blob "$work/config.json")
LAYER=application/vnd.oci.image.layer.v1.tar+gzip
cat >"$work/manifest.json" <<MANIFEST
{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:$config","size":$(size_of "$config")},
"layers":[{"mediaType":"$LAYER","digest":"sha256:$base_digest","size":$(size_of "$base_digest")},
{"mediaType":"$LAYER","digest":"sha256:$program","size":$(size_of "$program")}]}
MANIFEST
manifest=$(blob "$work/manifest.json")
cat >"$layout/index.json" <<INDEX
{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json",
"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:$manifest","size":$(size_of "$manifest"),
"annotations":{"io.containerd.image.name":"$NAME:$VERSION","org.opencontainers.image.ref.name":"$VERSION"}}]}
INDEX
echo '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
mkdir -p "$(dirname "$out")"
pack "$layout" "$out.new"
mv "$out.new" "$out"
cp "$base.packages" "${out%.tar}.packages"
say "$NAME:$VERSION is in $out: $(($(stat -c %s "$out") / 1048576)) MiB (base $(($(size_of "$base_digest") / 1048576)), program $(($(size_of "$program") / 1048576)))."
