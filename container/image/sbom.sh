#!/usr/bin/env bash
# Lists what the image holds, as CycloneDX 1.5: Debian's packages, the Java runtime, each jar of the distribution.
#
#   sbom.sh DISTRIBUTION.tar.gz IMAGE.packages OUT.cdx.json
#
# IMAGE.packages is what build.sh writes beside the image. The libraries whose classes are merged into bundles of ours are
# in the lists that Maven makes of those bundles (-Psbom).
set -euo pipefail

distribution=${1:?the distribution} packages=${2:?the .packages file of the image} out=${3:?where the list goes}
VERSION=0.1.0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -C "$work" --strip-components=1 -xzf "$distribution"

# component TYPE GROUP NAME VERSION PURL SHA256: one line of JSON. The names are those of packages and files: no quotes.
component() {
    printf '{"type":"%s"' "$1"
    if [[ -n $2 ]]; then printf ',"group":"%s"' "$2"; fi
    printf ',"name":"%s","version":"%s"' "$3" "$4"
    if [[ -n $5 ]]; then printf ',"purl":"%s","bom-ref":"%s"' "$5" "$5"; fi
    if [[ -n $6 ]]; then printf ',"hashes":[{"alg":"SHA-256","content":"%s"}]' "$6"; fi
    printf '}\n'
}

escaped() { printf '%s' "$1" | sed 's/%/%25/g; s/+/%2B/g; s/:/%3A/g; s/~/%7E/g'; }

{
    while IFS=$'\t' read -r kind name version arch hash; do
        case $kind in
            deb) component library '' "$name" "$version" "pkg:deb/debian/$(escaped "$name")@$(escaped "$version")?arch=$arch" "$hash" ;;
            *) component framework '' "$name" "$version" '' '' ;;
        esac
    done <"$packages"
    # system/ is a Maven repository: group/artifact/version/file.
    (cd "$work/system" && find . -name '*.jar' | sort) | while read -r jar; do
        path=${jar#./} path=${path%/*}
        version=${path##*/} path=${path%/*}
        name=${path##*/} group=${path%/*}
        component library "${group//\//.}" "$name" "$version" "pkg:maven/${group//\//.}/$name@$(escaped "$version")" \
            "$(sha256sum <"$work/system/$jar" | cut -d' ' -f1)"
    done
    # Karaf's own class path: NAME-VERSION.jar, without a group.
    (cd "$work/lib" && find . -name '*.jar' | sort) | while read -r jar; do
        file=$(basename "$jar" .jar)
        version=$(sed -n 's/^.*-\([0-9][^-]*\)$/\1/p' <<<"$file")
        component library '' "${file%-"$version"}" "${version:-unknown}" '' "$(sha256sum <"$work/lib/$jar" | cut -d' ' -f1)"
    done
    # Libraries, which are of one version with the classes that call them.
    version=$(basename "$work"/system/io/netty/netty-tcnative-classes/*)
    (cd "$work/lib/native" && find . -name "*_$(uname -m | sed 's/aarch64/aarch_64/').so" | sort) | while read -r file; do
        component library io.netty netty-tcnative-boringssl-static "$version" \
            "pkg:maven/io.netty/netty-tcnative-boringssl-static@$version" "$(sha256sum <"$work/lib/native/$file" | cut -d' ' -f1)"
    done
} >"$work/components"

id=$(sha256sum <"$work/components" | cut -c1-32)
serial=${id:0:8}-${id:8:4}-5${id:13:3}-8${id:17:3}-${id:20:12}
{
    printf '{"bomFormat":"CycloneDX","specVersion":"1.5","serialNumber":"urn:uuid:%s","version":1,\n' "$serial"
    printf '"metadata":{"component":{"type":"container","name":"lifeline","version":"%s","bom-ref":"lifeline"}},\n' "$VERSION"
    printf '"components":[\n'
    sed '$!s/$/,/' "$work/components"
    printf ']}\n'
} >"$out"
