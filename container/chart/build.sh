#!/usr/bin/env bash
# Makes the Helm chart. Its templates are the plain manifests with values in the place of defaults (templates.sed), so
# that there is one source for both.
#
#   build.sh FOLDER        the chart as the folder FOLDER/lifeline
#   build.sh OUT.tgz       the chart packed; the same bytes for the same files
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
manifests=$here/../manifests
out=${1:?a folder, or a .tgz}

say() { printf '%s\n' "$*" >&2; }
die() { printf 'Failed: %s\n' "$*" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chart=$work/lifeline
cp -R "$here/lifeline" "$chart"
cp "$here/../../LICENSE" "$chart/LICENSE"

# template FILE [CONDITION]: a template of the same name, the whole of it under a condition.
template() {
    local to=$chart/templates/${1##*/}
    {
        if [[ -n ${2:-} ]]; then echo "{{- if $2 }}"; fi
        sed -f "$here/templates.sed" "$1"
        if [[ -n ${2:-} ]]; then echo "{{- end }}"; fi
    } >"$to"
}

for file in "$manifests"/*.yaml "$manifests"/removal/*.yaml; do template "$file"; done
template "$manifests/policies/network.yaml" '.Values.policies.network'
template "$manifests/policies/disruption.yaml" '.Values.policies.disruption'
template "$manifests/policies/admission.yaml" \
    'and .Values.policies.admission (.Capabilities.APIVersions.Has "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy")'

# A default that is still there would be the same in every cluster, whatever its values say.
left=$(cd "$chart/templates" && grep -nE '^[^#]*(lifeline-system|lifeline\.local|30843|namespace: lifeline-bootstrap)' ./*.yaml || true)
[[ -z $left ]] || die "templates.sed has left defaults in the templates:"$'\n'"$left"

case $out in
    *.tgz)
        chmod -R u=rwX,go=rX "$chart"
        mkdir -p "$(dirname "$out")"
        tar -C "$work" --numeric-owner --owner=0 --group=0 --sort=name --mtime=@0 --format=gnu -cf - lifeline |
            gzip -n -9 >"$out.new"
        mv "$out.new" "$out"
        say "The chart is $out."
        ;;
    *)
        mkdir -p "$out"
        rm -rf "$out/lifeline"
        cp -R "$chart" "$out/lifeline"
        say "The chart is $out/lifeline."
        ;;
esac
