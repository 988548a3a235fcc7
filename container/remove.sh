#!/bin/sh
# Removes Lifeline from the cluster that kubectl points to, so that nothing is left: rescues, what the agents keep on
# their nodes, the objects of the manifests, the agents' certificate requests.
#
#   remove.sh              after 'kubectl apply -f container/manifests'
#   remove.sh --helm NAME  after 'helm install NAME …'
#
# LIFELINE_NAMESPACE is the namespace of the parts, where it is not lifeline-system.
set -eu

manifests=$(cd "$(dirname "$0")/manifests" && pwd)
namespace=${LIFELINE_NAMESPACE:-lifeline-system}
case ${1:-} in
    '' | --helm) ;;
    *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

# While the operator is there: it ends the rescues, and takes its finalizer away.
kubectl delete nodedebugs --all --ignore-not-found
# The same: it takes its annotations from the Nodes. What the agents tell there goes below.
kubectl delete lifelineconfigs --all --ignore-not-found

# The agents' own tmpfs. What is on it is of no use to anybody without the operator's authority.
for agent in $(kubectl -n "$namespace" get pods -l app.kubernetes.io/component=agent -o name); do
    kubectl -n "$namespace" exec "$agent" -- nsenter -t 1 -m -- sh -c 'umount -l /run/lifeline && rmdir /run/lifeline' ||
        echo "$agent cannot be reached: on its node /run/lifeline stays until the node is started anew, or it is unmounted." >&2
done

if [ "${1:-}" = --helm ]; then
    helm uninstall "${2:?the name of the release}"
else
    # Before the namespaces of what is in them; the policies that the cluster does not know are none of its objects.
    for file in "$manifests"/policies/*.yaml; do kubectl delete --ignore-not-found -f "$file" 2>/dev/null || true; done
    kubectl delete --ignore-not-found -f "$manifests"
fi

for request in $(kubectl get csr -o jsonpath='{range .items[?(@.spec.signerName=="lifeline.io/agent")]}{.metadata.name}{"\n"}{end}'); do
    kubectl delete csr --ignore-not-found "$request"
done

kubectl annotate nodes --all lifeline.io/agent-running- lifeline.io/agent-version- lifeline.io/agent-release- \
    lifeline.io/agent-upgrade-failed- >/dev/null
