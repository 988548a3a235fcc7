#!/bin/sh
# Removes Lifeline from the cluster that kubectl points to, so that nothing is left, after 'kubectl apply -f
# container/manifests': what 'helm uninstall' does by itself where Helm has installed it. It may be interrupted, and run
# again at any time.
set -eu

manifests=$(cd "$(dirname "$0")/manifests" && pwd)
removal=$manifests/removal
namespace=$(sed -n 's/^  namespace: *//p' "$removal/removal.yaml" | head -n 1)
again="'$0'"
keep="'kubectl delete -f $removal && kubectl apply -f $manifests'"
# The Job has 280 seconds.
MOST=330

say() { printf '%s\n' "$*" >&2; }
die() { say "Not removed: $*"; exit 1; }

stage=nothing
told() {
    code=$?
    # A signal's.
    if [ "$code" -gt 128 ]; then
        case $stage in
            nothing) say "Interrupted; nothing was changed." ;;
            job) say "Interrupted, but the Job lifeline-removal goes on in the cluster. $again takes up where this has ended." \
                "To keep Lifeline instead: $keep." ;;
            deleting) say "Interrupted when a part was deleted. $again deletes the rest." ;;
        esac
    fi
}
trap told EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# of_all KUBECTL'S ARGUMENTS...: everything but the policies. From behind: a pod that goes after the Secrets of its namespace
# can keep that for ever, where a kubelet is started anew then.
of_all() {
    kubectl "$@" --ignore-not-found -f "$removal" -f "$manifests/40-agent.yaml" -f "$manifests/30-operator.yaml" \
        -f "$manifests/20-rbac.yaml" -f "$manifests/10-crd.yaml" -f "$manifests/00-namespaces.yaml"
}

# of_policies KUBECTL'S ARGUMENTS...: of a kind that the cluster does not know there is none.
of_policies() {
    for file in "$manifests"/policies/*.yaml; do
        said=$(kubectl "$@" --ignore-not-found -f "$file" 2>&1) || case $said in *'no matches for kind'*) continue ;; esac
        [ -z "$said" ] || printf '%s\n' "$said"
    done
}

command -v kubectl >/dev/null || die "there is no kubectl in PATH."
context=$(kubectl config current-context 2>/dev/null || echo none)
why=$(kubectl get --raw /version --request-timeout=10s 2>&1 >/dev/null) || {
    printf '%s\n' "$why" | tail -n 1 >&2
    die "the API server of kubectl's context '$context' does not answer; nothing was changed. 'kubectl config get-contexts' and" \
        "KUBECONFIG choose another cluster."
}

# Who may not is told so before anything has gone.
there=$(of_all delete --dry-run=server -o name 2>/dev/null) || {
    of_all delete --dry-run=server -o name 2>&1 >/dev/null | tail -n 1 >&2 || true
    die "whom kubectl's context '$context' stands for may not delete what Lifeline consists of; nothing was changed. It takes an" \
        "administrator of the cluster (ClusterRole cluster-admin): 'kubectl config use-context …'."
}
there=$there$(of_policies delete --dry-run=server -o name)
if [ -z "$there" ]; then
    say "There is nothing of Lifeline in the cluster of kubectl's context '$context'."
    exit
fi
say "Removing Lifeline from the cluster of kubectl's context '$context'."

# It ends the rescues, while there is an operator to do it, and takes away what no manifest names.
run_job() {
    stage=job
    # The image that is known to be had here: the operator's.
    image=$(kubectl get -n "$namespace" deployment/lifeline-operator --ignore-not-found \
        -o 'jsonpath={.spec.template.spec.containers[0].image}')
    kubectl delete -n "$namespace" job/lifeline-removal --ignore-not-found
    if ! sed "s|^\( *image: \).*|\1\"${image:-lifeline.local/lifeline:0.1.0}\"|" "$removal/removal.yaml" | kubectl apply -f -; then
        die "the Job that has to be run first could not be made: see above. It takes an administrator of the cluster" \
            "(ClusterRole cluster-admin). Then run $again once more."
    fi
    say "The Job ends the rescues and takes away what the agents keep on their nodes. That takes half a minute, and five at most."
    tries=0 ended=
    until [ -n "$ended" ]; do
        tries=$((tries + 1))
        [ "$tries" -lt "$MOST" ] || die "its Job has not ended: 'kubectl -n $namespace describe job/lifeline-removal' tells why." \
            "Mend that, and run $again once more; or, to keep Lifeline: $keep."
        # What keeps it waiting is seen there.
        [ $((tries % 60)) -ne 0 ] || kubectl get pods -n "$namespace" -o wide >&2 || true
        sleep 1
        ended=$(kubectl get -n "$namespace" job/lifeline-removal --request-timeout=10s \
            -o 'jsonpath={.status.conditions[?(@.status=="True")].type}' 2>&1) || case $ended in
            *NotFound*) die "somebody has deleted the Job lifeline-removal. To go on, run $again once more; to keep Lifeline: $keep." ;;
        esac
        # Others may come before them; and an API server that does not answer is asked again.
        case $ended in *Complete* | *Failed*) ;; *) ended= ;; esac
    done
    kubectl logs -n "$namespace" job/lifeline-removal || true
    case $ended in
        *Complete*) ;;
        *) die "its Job has failed: $(kubectl get -n "$namespace" job/lifeline-removal \
            -o 'jsonpath={.status.conditions[?(@.type=="Failed")].message}'); see above for more. The objects of the manifests" \
            "are all there still. Mend what it names, and run $again once more; or, to keep Lifeline: $keep." ;;
    esac
}

# In a namespace that is being deleted nothing can be made; and then that has been done.
case $(kubectl get namespace "$namespace" --ignore-not-found -o 'jsonpath={.status.phase}') in
    Active) run_job ;;
    Terminating) say "The namespace $namespace is being deleted already: what the agents keep on their nodes is left to them." ;;
esac

stage=deleting
of_policies delete
of_all delete --timeout=5m ||
    die "not all of it is gone yet: see above. 'kubectl get namespace $namespace -o yaml' tells what it waits for. Then run $again once more."
say "Lifeline is removed."
