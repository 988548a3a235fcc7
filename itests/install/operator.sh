#!/usr/bin/env bash
# operator.sh: the operator's tests on a real API server: a control plane by itself, beside whatever sandbox there is, with
# the namespaces, the CRD and the RBAC of the manifests. Each test begins with nothing of Lifeline's, and takes its own away.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
manifests=$home/container/manifests

export LIFELINE_STATE=${LIFELINE_STATE:-/var/tmp/lifeline-sandbox}-operator LIFELINE_WORKERS=
export LIFELINE_NET=10.205.0 LIFELINE_POD_NET=10.205 LIFELINE_SERVICE_NET=10.206 LIFELINE_LINK=lifeline1
sandbox() { "$home/lifeline" sandbox "$@"; }
trap 'sandbox down' EXIT

sandbox up
sandbox kubectl apply -f "$manifests/00-namespaces.yaml" -f "$manifests/10-crd.yaml" -f "$manifests/20-rbac.yaml" >/dev/null
sandbox kubectl wait --for condition=established --timeout=20s crd/nodedebugs.lifeline.io >/dev/null
export LIFELINE_TEST_KUBECONFIG=$LIFELINE_STATE/admin.kubeconfig
cd "$home"
mvn -B -q -pl bundles/operator -am test -Dbnd.skip -Dspotless.check.skip -Dtest='*OnApiServerTest' -Dsurefire.failIfNoSpecifiedTests=false
