#!/usr/bin/env bash
# Becomes PID 1 of a worker's namespaces, and makes the root file system of a host of its own.
# Arguments: the worker's name, its directory in the sandbox's state, the controllers' cgroup mounts to make.
#
# The root is an overlay over the machine's own root, so that the worker has the machine's programs, but whatever is
# written stays in the worker. All mounts are made in the worker's mount namespace: they go when PID 1 goes.
set -euo pipefail
name=$1 dir=$2
root=$dir/root

mount -t overlay -o "lowerdir=/,upperdir=$dir/upper,workdir=$dir/work" overlay "$root"

# Made on top of the whiteouts that hide the machine's ones (see worker.sh)
mkdir -p "$root"/{dev,proc,sys,run,tmp,var,root,home,mnt,srv,media,boot}
mkdir -p "$root"/var/{lib,log,tmp,cache} "$root"/var/lib/{kubelet,containerd} "$root"/etc/{kubernetes,cni,containerd} "$root"/opt/cni
chmod 1777 "$root/tmp" "$root/var/tmp"
chmod 700 "$root/root"
cp -a "$dir/files/." "$root/"

# containerd's snapshots are overlays: their upper directories cannot lie on an overlay
mount --bind "$dir/containerd" "$root/var/lib/containerd"

mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t tmpfs -o mode=755,size=256m tmpfs "$root/run"
ln -sfn /run "$root/var/run"

mount -t tmpfs -o mode=755,size=16m tmpfs "$root/dev"
while read -r node major minor; do
    mknod -m 666 "$root/dev/$node" c "$major" "$minor"
done <<'NODES'
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
kmsg 1 11
tty 5 0
fuse 10 229
loop-control 10 237
NODES
chmod 600 "$root/dev/kmsg" "$root/dev/loop-control"
for i in 0 1 2 3 4 5 6 7; do mknod -m 660 "$root/dev/loop$i" b 7 "$i"; done
mkdir "$root"/dev/{pts,shm,mqueue}
mount -t devpts -o newinstance,gid=5,mode=620,ptmxmode=666 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount -t mqueue mqueue "$root/dev/mqueue"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for i in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${i%:*}" "$root/dev/${i#*:}"; done
# nobody sits at this console
ln -s null "$root/dev/console"

# The cgroup namespace makes the worker's own cgroup the root of these. The v2 hierarchy of a hybrid machine is left
# out: it carries nothing of use, and crun before 1.9 refuses hybrid cgroups.
mount -t tmpfs -o mode=755,size=1m tmpfs "$root/sys/fs/cgroup"
while IFS=: read -r _ controllers _; do
    [[ -n $controllers ]] || continue
    mkdir "$root/sys/fs/cgroup/${controllers#name=}"
    options=$controllers
    [[ $controllers != name=* ]] || options=none,$controllers
    mount -t cgroup -o "$options" cgroup "$root/sys/fs/cgroup/${controllers#name=}"
done </proc/self/cgroup

hostname "$name"
cd "$root"
pivot_root . .
umount -l .
cd /
# Like a host that systemd has started: what is mounted on the host shows up in containers that ask for it.
mount --make-rshared /
exec /bin/busybox sh /usr/local/lib/lifeline-sandbox/init
