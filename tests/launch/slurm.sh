#!/usr/bin/env bash
# A Slurm of the caller's own for the time of one command: a controller and two nodes, n1 and n2 of four cores each, on
# this machine's loopback, as this user. The command finds it through SLURM_CONF; all files are in FOLDER, which is made.
# Exit code: the command's; 77 where Slurm is not installed, 1 where its nodes do not come up.
set -euo pipefail

if [[ $# -lt 2 || $1 == -h || $1 == --help ]]; then
  printf 'usage: tests/launch/slurm.sh FOLDER COMMAND [ARGUMENT...]\n  as in: tests/launch/slurm.sh /tmp/slurm srun -N2 -n4 env\n' >&2
  exit 2
fi
PATH=$PATH:/usr/sbin
for program in slurmctld slurmd srun sinfo scancel; do
  if ! command -v "$program" >/dev/null; then
    printf 'slurm.sh: skipped: %s is not installed (apt-get install slurm-wlm)\n' "$program" >&2
    exit 77
  fi
done
mkdir -p "$1"
folder=$(realpath "$1")
shift
if [[ $folder == *[[:space:]]* ]]; then
  printf 'slurm.sh: %s: Slurm takes no folder with a space in its name\n' "$folder" >&2
  exit 2
fi

# Where nobody listens now; runs side by side begin at places of their own.
next_port=$((20000 + $$ % 2500 * 4))
find_port() {
  while (exec 3<>"/dev/tcp/127.0.0.1/$next_port") 2>/dev/null; do next_port=$((next_port + 1)); done
  port=$next_port
  next_port=$((next_port + 1))
}

export SLURM_CONF=$folder/slurm.conf
user=$(id -un)
host=$(uname -n | cut -d. -f1)
mkdir -p "$folder/state"
find_port
controller_port=$port
cat >"$SLURM_CONF" <<CONF
ClusterName=settle
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$controller_port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/none
CredType=cred/none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_min_interval=1
MpiDefault=none
# The nodes have the cores that are written here, whatever the machine has.
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=2
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool-%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd-%n.log
PartitionName=all Nodes=n1,n2 Default=YES State=UP
CONF
# Nothing here uses control groups; the default looks for them all the same, and fails where the machine has none.
printf 'CgroupPlugin=cgroup/v1\n' >"$folder/cgroup.conf"
for node in n1 n2; do
  find_port
  printf 'NodeName=%s NodeHostname=%s NodeAddr=127.0.0.1 Port=%s CPUs=4\n' "$node" "$host" "$port" >>"$SLURM_CONF"
done

daemons=()
stop() {
  scancel --user="$user" --quiet 2>/dev/null || true
  for _ in {1..100}; do
    [[ -z $(squeue --noheader 2>/dev/null) ]] && break
    sleep 0.1
  done
  for daemon in "${daemons[@]}"; do kill "$daemon" 2>/dev/null || true; done
  for daemon in "${daemons[@]}"; do wait "$daemon" 2>/dev/null || true; done
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# In sessions of their own: a signal to all of the caller's processes must leave them to `stop`.
setsid slurmctld -D -i >"$folder/slurmctld.out" 2>&1 &
daemons+=($!)
for node in n1 n2; do
  setsid slurmd -D -N "$node" >"$folder/slurmd-$node.out" 2>&1 &
  daemons+=($!)
done
for _ in {1..100}; do
  [[ $(sinfo --noheader --format=%t,%D 2>/dev/null) == idle,2 ]] && break
  sleep 0.1
done
if [[ $(sinfo --noheader --format=%t,%D 2>/dev/null) != idle,2 ]]; then
  printf 'slurm.sh: the two nodes are not idle after 10 s; their logs:\n' >&2
  tail -n 20 "$folder"/*.log "$folder"/*.out >&2
  exit 1
fi

"$@"
