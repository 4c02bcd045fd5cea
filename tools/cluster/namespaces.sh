# Two network namespaces, as two machines that reach each other by TCP alone. To be sourced.
#
# make_namespaces DIR makes them, with a file in DIR that takes the place of ssh, and fails where the
# system does not let it; remove_namespaces removes them. over_network UNROLL WORDS… runs the program as
# one rank in each. It takes root, iproute2 and Open MPI.
# shellcheck shell=bash

readonly first_namespace=unroll-a-$$ second_namespace=unroll-b-$$
namespaces=()

make_namespaces() {
  [[ $EUID -eq 0 ]] && command -v ip >/dev/null && unshare --net --uts true 2>/dev/null || return 1
  local name
  for name in "$first_namespace" "$second_namespace"; do
    ip netns add "$name" 2>/dev/null || return 1
    namespaces+=("$name")
  done
  ip link add unroll0 netns "$first_namespace" type veth peer name unroll0 netns "$second_namespace"
  ip -n "$first_namespace" address add 10.77.0.1/24 dev unroll0
  ip -n "$second_namespace" address add 10.77.0.2/24 dev unroll0
  for name in "${namespaces[@]}"; do
    ip -n "$name" link set lo up
    ip -n "$name" link set unroll0 up
  done
  # mpirun calls it with options, the host and a command.
  namespace_agent=$1/agent
  cat >"$namespace_agent" <<AGENT
#!/usr/bin/env bash
while [[ \$1 == -* ]]; do shift; done
shift
exec ip netns exec $second_namespace unshare --uts bash -c 'hostname second; exec bash -c "\$*"' agent "\$@"
AGENT
  chmod +x "$namespace_agent"
}

remove_namespaces() {
  local name
  for name in "${namespaces[@]}"; do ip netns delete "$name" 2>/dev/null || true; done
  namespaces=()
}

over_network() {
  # shellcheck disable=SC2016
  timeout 120 ip netns exec "$first_namespace" unshare --uts bash -c 'hostname first; exec "$@"' launch \
    mpirun --allow-run-as-root --host 10.77.0.1,10.77.0.2 -n 2 --bind-to none \
    --mca plm_rsh_agent "$namespace_agent" --mca btl tcp,self \
    --mca btl_tcp_if_include 10.77.0.0/24 --mca oob_tcp_if_include 10.77.0.0/24 "$@"
}
