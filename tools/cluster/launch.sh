# How processes of the MPI library $library (openmpi or mpich) are started, in one place. To be sourced,
# after tools/common.sh and with a folder $work.
#
#   "${launch[@]}" -n 2 PROGRAM …   on this machine
#   make_namespaces                 two network namespaces, as two machines that reach each other over the
#                                   network alone; returns 1, having said why, where the system does not
#                                   let them be made, and ends the script where they cannot be joined
#   over_network PROGRAM …          one process in each
#   remove_namespaces
# shellcheck shell=bash
# shellcheck disable=SC2034

# Where Debian has both, each has a name of its own.
mpirun=$(command -v "mpirun.$library" || command -v mpirun) ||
  fail "mpirun is missing: install that of $library"
# Whether mpirun always has another status than 0 after Ctrl-C.
tells_of_interrupt=true
# The addresses of the namespaces, for which $agent stands in for ssh.
readonly first_address=10.77.0.1 second_address=10.77.0.2 interface=unroll0
readonly hosts=$first_address,$second_address agent=$work/agent
case $library in
  openmpi)
    # Root may start processes, and more of them than there are cores.
    launch=("$mpirun" --allow-run-as-root --oversubscribe)
    # Started over the network, and data go over it.
    launch_over_network=(
      "${launch[@]}" --host "$hosts" --bind-to none --mca plm_rsh_agent "$agent"
      --mca btl "tcp,self" --mca btl_tcp_if_include "$interface" --mca oob_tcp_if_include "$interface"
    )
    ;;
  mpich)
    launch=("$mpirun")
    tells_of_interrupt=false
    # Started over the network. Data go by what UCX finds to be fastest, memory: its TCP (1.13) now and
    # then hangs in MPI_Init.
    launch_over_network=(
      "${launch[@]}" -hosts "$hosts" -launcher ssh -launcher-exec "$agent" -iface "$interface"
    )
    ;;
  *) fail "$library: must be openmpi or mpich" ;;
esac
readonly launch launch_over_network tells_of_interrupt

namespaces=()

# Runs ip, and ends the script with one line where it fails: set -e does nothing within a function whose
# status is asked for.
configure() {
  local words
  words=$(ip "$@" 2>&1) || fail "Two network namespaces: ip $* failed: ${words//$'\n'/ }"
}

make_namespaces() {
  if [[ $EUID -ne 0 ]] || ! command -v ip >/dev/null || ! unshare --net --uts true 2>/dev/null; then
    printf 'Skipped: two network namespaces, which take root and iproute2\n'
    return 1
  fi
  local first=unroll-a-$$ second=unroll-b-$$ name
  for name in "$first" "$second"; do
    if ! ip netns add "$name" 2>/dev/null; then
      printf 'Skipped: this system does not let network namespaces be made\n'
      return 1
    fi
    namespaces+=("$name")
  done
  configure link add "$interface" netns "$first" type veth peer name "$interface" netns "$second"
  configure -n "$first" address add "$first_address/24" dev "$interface"
  configure -n "$second" address add "$second_address/24" dev "$interface"
  for name in "$first" "$second"; do
    configure -n "$name" link set lo up
    configure -n "$name" link set "$interface" up
  done
  # Takes the place of ssh: mpirun calls it with options, a host and a command.
  cat >"$agent" <<AGENT || fail "$agent could not be written"
#!/usr/bin/env bash
while [[ \$1 == -* ]]; do shift; done
case \$1 in
  $first_address) namespace=$first host=first ;;
  $second_address) namespace=$second host=second ;;
  *) exit 255 ;;
esac
shift
exec ip netns exec "\$namespace" unshare --uts bash -c "hostname \$host; exec bash -c \"\\\$*\"" agent "\$@"
AGENT
  chmod +x "$agent" || fail "$agent could not be made a program"
}

remove_namespaces() {
  local name
  for name in "${namespaces[@]}"; do ip netns del "$name" 2>/dev/null || true; done
}

over_network() {
  # shellcheck disable=SC2016
  timeout 120 ip netns exec "${namespaces[0]}" unshare --uts bash -c 'hostname first; exec "$@"' launch \
    "${launch_over_network[@]}" -n 2 "$@"
}
