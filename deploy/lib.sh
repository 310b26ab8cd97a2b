# Shared by deploy/up and deploy/down: where things are, and the processes that deploy/keep keeps alive.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
home=$(realpath -m "${CACHEPLANE_HOME:-$root/.cacheplane}")
bin=$root/build/release/bin
grpc=${CACHEPLANE_GRPC:-127.0.0.1:7070}
http=${CACHEPLANE_HTTP:-127.0.0.1:7080}
table=${CACHEPLANE_TABLE:-cacheplane}
zones=(us-east-1a us-east-1b us-east-1c)
if [ "$(id -u)" = 0 ]; then
  images=$(realpath -m "${CACHEPLANE_IMAGES:-/var/cache/cacheplane/images}")
else
  images=$(realpath -m "${CACHEPLANE_IMAGES:-$home/images}")
fi

# agent_of us-east-1a -> agent-a
agent_of() { echo "agent-${1: -1}"; }

# Names of everything that runs, in the order of starting.
processes() {
  echo cacheplaned
  for zone in "${zones[@]}"; do agent_of "$zone"; done
  echo router-a
}

# kept NAME: whether its keeper runs. The lock is the kernel's, so no stale file can lie.
kept() { [ -e "$home/run/$1.lock" ] && ! flock --nonblock "$home/run/$1.lock" true; }

# help_or_nothing ARGS…: prints the script's opening comment for --help, and accepts no other argument.
help_or_nothing() {
  [ $# -gt 0 ] || return 0
  case $1 in
    -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit 0 ;;
    *) echo "$(basename "$0"): no argument is known, '$1' was given; see --help" >&2 && exit 2 ;;
  esac
}
