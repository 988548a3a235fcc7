#!/usr/bin/env bash
# server.sh: the API server of the sandbox, which is up and has no Lifeline, takes every object of the manifests and the
# policies: their fields are those of its schema, and nothing is kept.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
manifests=$home/container/manifests

say() { printf '%s\n' "$*" >&2; }
die() { printf 'Failed: %s\n' "$*" >&2; exit 1; }
kubectl() { "$home/lifeline" sandbox kubectl "$@"; }

work=$(mktemp -d)
clean_up() {
    rm -rf "$work"
    kubectl delete --ignore-not-found -f "$manifests/10-crd.yaml" -f "$manifests/00-namespaces.yaml" >/dev/null
}
trap clean_up EXIT

# What the others are in must be there, even where nothing is kept.
kubectl apply -f "$manifests/00-namespaces.yaml" -f "$manifests/10-crd.yaml" >/dev/null
kubectl wait --for condition=established --timeout=20s crd/nodedebugs.lifeline.io >/dev/null
cp "$manifests"/[2-9]*.yaml "$manifests/policies/network.yaml" "$manifests/removal/removal.yaml" "$work"
# Each under the name it has in this cluster's version.
if kubectl api-versions | grep -qx policy/v1; then budget=policy/v1; else budget=policy/v1beta1; fi
sed "s|^apiVersion: policy/v1$|apiVersion: $budget|" "$manifests/policies/disruption.yaml" >"$work/disruption.yaml"
if kubectl api-resources --api-group=admissionregistration.k8s.io -o name | grep -q '^validatingadmissionpolicies'; then
    cp "$manifests/policies/admission.yaml" "$work"
else
    say "This API server knows no ValidatingAdmissionPolicy: policies/admission.yaml is left out."
fi
taken=$(kubectl apply --dry-run=server -f "$work") || die "the API server refuses an object of the manifests"
objects=$(cat "$work"/*.yaml | grep -c '^kind: ')
[[ $(grep -c 'server dry run' <<<"$taken") == "$objects" ]] || die "not every object was looked at:"$'\n'"$taken"
say "The API server takes all $objects objects, the budget as $budget."
