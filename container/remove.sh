#!/bin/sh
# Removes Lifeline from the cluster that kubectl points to, so that nothing is left, after 'kubectl apply -f
# container/manifests': what 'helm uninstall' does by itself where Helm has installed it.
set -eu

manifests=$(cd "$(dirname "$0")/manifests" && pwd)
job=job/lifeline-removal

# It ends the rescues, while there is an operator to do it, and takes away what no manifest names.
kubectl delete --ignore-not-found -f "$manifests/removal"
kubectl apply -f "$manifests/removal"
ended=
until [ -n "$ended" ]; do
    sleep 1
    ended=$(kubectl get -f "$manifests/removal" -o jsonpath='{.items[?(@.kind=="Job")].status.conditions[?(@.status=="True")].type}')
done
kubectl logs -n "${LIFELINE_NAMESPACE:-lifeline-system}" "$job"
case $ended in *Complete*) ;; *) echo "The removal did not succeed: see above. The objects of the manifests are all there still." >&2; exit 1 ;; esac

# Before the namespaces of what is in them; the policies that the cluster does not know are none of its objects.
for folder in removal policies; do
    for file in "$manifests/$folder"/*.yaml; do kubectl delete --ignore-not-found -f "$file" 2>/dev/null || true; done
done
# From behind: a pod that goes after the Secrets of its namespace can keep that for ever, where a kubelet is started anew then.
kubectl delete --ignore-not-found -f "$manifests/40-agent.yaml" -f "$manifests/30-operator.yaml" \
    -f "$manifests/20-rbac.yaml" -f "$manifests/10-crd.yaml" -f "$manifests/00-namespaces.yaml"
