#!/usr/bin/env bash
# help: sandbox   a real Kubernetes cluster in namespaces: up, status, break, mend, down, kubectl, enter, load, env
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in lib deps kubernetes; do
    # shellcheck source=/dev/null
    . "$here/$part.sh"
done
case ${1:-} in
    deps) deps ;;
    build) k8s_bin; echo "$K8S_BIN" ;;
esac
