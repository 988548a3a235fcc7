#!/usr/bin/env bash
# Makes the Debian package of the agent from the distribution, with dpkg-deb alone.
#
#   build.sh DISTRIBUTION.tar.gz OUT.deb
#
# Its bytes depend on the distribution and the files beside this one only. LIFELINE_DEB_VERSION is another version.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
VERSION=${LIFELINE_DEB_VERSION:-0.1.0}
# As the jars of the distribution: pom.xml's project.build.outputTimestamp.
export SOURCE_DATE_EPOCH=1767225600

say() { printf '%s\n' "$*" >&2; }
die() { printf 'Failed: %s\n' "$*" >&2; exit 1; }

distribution=${1:?the distribution, lifeline-0.1.0.tar.gz}
out=${2:?where the package goes}
[[ -s $distribution ]] || die "there is no distribution $distribution; './lifeline build' makes it."
command -v dpkg-deb >/dev/null || die "dpkg-deb is not here; the package is made on Debian."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
doc=$root/usr/share/doc/lifeline-agent
mkdir -p "$root"/{DEBIAN,usr/lib/lifeline,etc/default,lib/systemd/system} "$doc"

tar -C "$root/usr/lib/lifeline" --strip-components=1 --no-same-owner -xzf "$distribution"
# The settings are the administrator's; those of the other roles are of no use here.
mv "$root/usr/lib/lifeline/etc" "$root/etc/lifeline"
rm -f "$root"/etc/lifeline/io.lifeline.{operator,proxy}.cfg
cp "$here/default" "$root/etc/default/lifeline-agent"
cp "$here/lifeline-agent.service" "$root/lib/systemd/system/"
cp "$here/README" "$doc/"
{
    echo 'Lifeline is under the Apache License, Version 2.0: /usr/share/common-licenses/Apache-2.0.'
    echo 'The bundles in /usr/lib/lifeline/system are under their own licences, which they contain.'
} >"$doc/copyright"
printf 'lifeline-agent (%s) stable; urgency=medium\n\n  * Released.\n\n -- Lifeline <lifeline@localhost>  Thu, 01 Jan 2026 00:00:00 +0000\n' \
    "$VERSION" | gzip -9n >"$doc/changelog.gz"

chmod -R u=rwX,go=rX "$root"
chmod 755 "$root/usr/lib/lifeline/bin/lifeline"
cp "$here"/{postinst,prerm,postrm} "$root/DEBIAN/"
chmod 755 "$root"/DEBIAN/{postinst,prerm,postrm}
(cd "$root" && find etc -type f | sort | sed 's|^|/|') >"$root/DEBIAN/conffiles"
(cd "$root" && find usr lib -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
cat >"$root/DEBIAN/control" <<CONTROL
Package: lifeline-agent
Version: $VERSION
Section: admin
Priority: optional
Architecture: all
Maintainer: Lifeline <lifeline@localhost>
Installed-Size: $(du -sk --apparent-size --exclude=DEBIAN "$root" | cut -f1)
Depends: java17-runtime-headless, runc | crun, util-linux, init-system-helpers (>= 1.52)
Description: root shell on a Kubernetes node whose kubelet is dead
 The agent waits beside the kubelet. When the node is NotReady, the kubelet dead and nobody has SSH to it, it becomes a
 second, temporary node of the cluster for one debug pod, whose container is made of the host's own programs: a person
 reaches it by plain kubectl exec. It needs no image, registry, DNS or container runtime on that node.
 .
 CRD, RBAC and the operator are installed in the cluster, by its manifests or its chart.
CONTROL
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
mkdir -p "$(dirname "$out")"
# Almost all of it are jars, which are packed already: gzip's quickest.
dpkg-deb --root-owner-group -Zgzip -z1 --build "$root" "$out.new" >/dev/null
mv "$out.new" "$out"
say "The package is $out: $(($(stat -c %s "$out") / 1048576)) MiB."
