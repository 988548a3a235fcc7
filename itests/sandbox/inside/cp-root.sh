#!/usr/bin/env bash
# Becomes PID 1 of the control plane's namespaces. Argument: the directory for etcd's tmpfs.
set -euo pipefail
mount -t proc proc /proc
# /sys shows the network interfaces of the namespace that mounted it; the cgroups under it are of no use here
mount -t sysfs sysfs /sys
mkdir -p "$1"
mount -t tmpfs -o mode=700,size=1g etcd "$1"
cd /
exec /bin/busybox sh "$(dirname "$0")/init"
