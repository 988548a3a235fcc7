# shellcheck shell=bash
# status: what there is, as the machine sees it and as the API sees it. Sourced.

CP_SERVICES=(etcd kube-apiserver kube-controller-manager kube-scheduler)

status_line() {
    local where=$1 name=$2 pid
    if pid=$(service_pid "$where" "$name"); then
        case $(process_state "$pid") in
            T) printf '%-4s %-24s %-8s %s\n' "$where" "$name" "$pid" 'stopped (SIGSTOP)' ;;
            *) printf '%-4s %-24s %-8s %s\n' "$where" "$name" "$pid" running ;;
        esac
    else
        printf '%-4s %-24s %-8s %s\n' "$where" "$name" - 'not running'
    fi
}

status() {
    local where name init
    if ! pid_of cp >/dev/null; then
        say "The sandbox is down."
        return 3
    fi
    printf '%-4s %-24s %-8s %s\n' IN PROCESS PID STATE
    for where in cp "${WORKERS[@]}"; do
        if ! init=$(pid_of "$where"); then
            printf '%-4s %-24s %-8s %s\n' "$where" '(namespaces)' - 'not there'
            continue
        fi
        printf '%-4s %-24s %-8s %s\n' "$where" '(PID 1)' "$init" "$(readlink "/proc/$init/ns/net"), $(address_of "$where")"
        if [[ $where == cp ]]; then for name in "${CP_SERVICES[@]}"; do status_line cp "$name"; done
        else
            for name in "${SERVICES[@]}"; do status_line "$where" "$name"; done
            if network_is_cut "$where"; then printf '%-4s %-24s %-8s %s\n' "$where" '(network)' - 'cut from the control plane'; fi
        fi
    done
    echo
    kctl get nodes -o wide --request-timeout=5s || say "The API server at $API_URL does not answer."
}
address_of() { if [[ $1 == cp ]]; then echo "$CP_ADDRESS"; else node_address "$1"; fi; }
