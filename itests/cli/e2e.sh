#!/usr/bin/env bash
# help: e2e       the end-to-end tests, on the sandbox or on another cluster; 'e2e --help' tells more
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

usage() {
    cat <<'USAGE'
lifeline e2e: installs Lifeline in a cluster, breaks a worker, rescues it in every way the tests know, removes Lifeline.

Without arguments on the sandbox, which is started for it and ended again (unless it was up before). On another cluster:

  --kubeconfig F     of its administrator
  --worker W         the worker to break
  --break 'CMD'      a command of this machine that breaks the worker's kubelet
  --mend 'CMD'       a command of this machine that mends the worker, whatever was broken
  --peer P           a worker that stays Ready (default: the first other Ready node)
  --break-both 'CMD' breaks kubelet and container runtime (default: that test is skipped)
  --heal 'CMD'       what a person types in a shell on the worker to mend it (default: --mend is run from outside)
  --enter 'PREFIX'   runs a command on the worker even when it is broken, as in PREFIX sh -c '...'; without it what is
                     left on the worker's disk and in its cgroups is not looked at
  --local            operator and proxy as processes of this machine, the agent as a process of the worker (by --enter;
                     without that, of this machine): for clusters that cannot pull the image
  --proxy-address A  with --local: this machine's address as the worker reaches it (default: that of the route to it)

and everywhere:
  --test PATTERN     only these tests, as Surefire's -Dtest has it: MainJobTest, 'RefusalsTest#theProxy*'
  --keep             leave Lifeline (and the sandbox) there for a look
USAGE
}

kubeconfig='' tests=() keep=false local=false peer='' worker='' break='' both='' mend='' heal='' enter=''
while (($#)); do
    case $1 in
        --kubeconfig) kubeconfig=$(realpath "$2"); shift ;;
        --worker) worker=$2; shift ;;
        --peer) peer=$2; shift ;;
        --break) break=$2; shift ;;
        --break-both) both=$2; shift ;;
        --mend) mend=$2; shift ;;
        --heal) heal=$2; shift ;;
        --enter) enter=$2; shift ;;
        --local) local=true ;;
        --proxy-address) export E2E_PROXY_ADDRESS=$2; shift ;;
        --keep) keep=true ;;
        --test) tests=("-Dtest=$2" -Dsurefire.failIfNoSpecifiedTests=false); shift ;;
        -h | --help) usage; exit ;;
        *) usage >&2; die "'$1' is not an option of 'e2e'." ;;
    esac
    shift
done

cd "$home"
sandbox_was=up
clean_up() {
    local code=$?
    if [[ $sandbox_was == down && $keep == false ]]; then "$home/lifeline" sandbox down || true; fi
    exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

if [[ $local == true ]]; then "$home/lifeline" build; else build_image; fi
if [[ -z $kubeconfig ]]; then
    need_root
    if [[ $local == true ]]; then build_image; fi
    sandbox_up
    sandbox_as_cluster
else
    for needed in worker break mend; do
        [[ -n ${!needed} ]] || die "with --kubeconfig, --$needed is needed as well: see ./lifeline e2e --help."
    done
    if [[ -z $peer ]]; then
        peer=$(kubectl --kubeconfig "$kubeconfig" get nodes -o name | sed 's|^node/||' | grep -vx "$worker" | head -n 1)
        [[ -n $peer ]] || die "the cluster has no node beside $worker: a rescue needs one that is Ready."
    fi
    # Without another way onto the worker, a process of the worker is a process of this machine.
    if [[ $local == true && -z $enter ]]; then enter=env; fi
    export E2E_HOME=$home E2E_KUBECONFIG=$kubeconfig E2E_KUBECTLS=${E2E_KUBECTLS:-kubectl} E2E_WORKER=$worker E2E_PEER=$peer
    export E2E_BREAK=$break E2E_BREAK_BOTH=$both E2E_MEND=$mend E2E_HEAL=$heal E2E_ENTER=$enter
fi
export E2E_LOCAL=$local E2E_KEEP=$keep

rm -rf "$target/e2e-logs"
maven -q -Pe2e -pl itests/testkit,itests/e2e -am -Dspotless.check.skip "${tests[@]}" test
