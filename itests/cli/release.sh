#!/usr/bin/env bash
# help: release   distribution, image, chart, manifests, Debian package, lists of contents and checksums, in target/release
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

VERSION=0.1.0
release=${1:-$target/release}
distribution=$home/karaf-assembly/target/lifeline-$VERSION.tar.gz
# Bundles into which other people's classes are merged.
MERGED=(kubernetes runtime.oci)

# Whatever is newer than the distribution is not in it.
current() {
    local bundle
    [[ -s $distribution ]] || return
    for bundle in "${MERGED[@]}"; do [[ -s $home/bundles/$bundle/target/bom.json ]] || return; done
    [[ -z $(find "$home"/{bundles,features,karaf-assembly,etc} -newer "$distribution" -type f \
        -not -path '*/target/*' -not -path '*/deb/*' -print -quit) ]]
}

current || "$home/lifeline" build -Psbom
rm -rf "$release"
mkdir -p "$release"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The files are the build's; when and by whom they were built is not in it.
repack() { tar -C "$1" --numeric-owner --owner=0 --group=0 --sort=name --mtime=@0 --format=gnu -cf - "$2" | gzip -n -6 >"$3"; }

tar -C "$work" -xzf "$distribution"
chmod -R u=rwX,go=rX "$work/lifeline-$VERSION"
repack "$work" "lifeline-$VERSION" "$release/lifeline-$VERSION.tar.gz"

"$home/container/image/build.sh" "$distribution" "$release/lifeline-image-$VERSION.tar"
"$home/container/image/sbom.sh" "$distribution" "$release/lifeline-image-$VERSION.packages" \
    "$release/lifeline-image-$VERSION.cdx.json"
rm -f "$release/lifeline-image-$VERSION.packages"
for bundle in "${MERGED[@]}"; do cp "$home/bundles/$bundle/target/bom.json" "$release/lifeline-$bundle-$VERSION.cdx.json"; done

"$home/container/chart/build.sh" "$release/lifeline-chart-$VERSION.tgz"
mkdir -p "$work/lifeline-manifests-$VERSION"
cp -R "$home/container/manifests" "$home/container/remove.sh" "$work/lifeline-manifests-$VERSION/"
chmod -R u=rwX,go=rX "$work/lifeline-manifests-$VERSION"
repack "$work" "lifeline-manifests-$VERSION" "$release/lifeline-manifests-$VERSION.tar.gz"
"$home/karaf-assembly/deb/build.sh" "$distribution" "$release/lifeline-agent_${VERSION}_all.deb"

(cd "$release" && sha256sum -- * >"$work/sums" && mv "$work/sums" SHA256SUMS)
say "The release is in $release:"
(cd "$release" && ls -lh -- * | awk '{ printf "  %6s  %s\n", $5, $NF }') >&2
