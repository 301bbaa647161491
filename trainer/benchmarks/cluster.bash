# Sourced by the scripts beside this one: a standalone Spark cluster on this machine, from Convoy's own jars.
#
#   cluster_start EXECUTORS MEMORY FOLDER   starts a master and as many workers, one core each, pinned one a CPU in turn;
#                                           sets cluster_url. FOLDER gets logs, and shuffle files while it runs
#   cluster_stop                            ends what cluster_start started; call it in a trap, too
# Needs $root, the repository's folder.
# shellcheck shell=bash

cluster_pids=()
cluster_url=
cluster_local=

cluster_environment() {
  export SPARK_HOME=$root/trainer/target/dist SPARK_SCALA_VERSION=2.12 SPARK_LOCAL_IP=127.0.0.1
  export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
}

# cluster_cpu I: the I-th of the CPUs that this shell may use, in turn.
cluster_cpu() {
  local cpus=() part
  for part in $(taskset -cp $$ | sed 's/.*: //; s/,/ /g'); do
    mapfile -t -O "${#cpus[@]}" cpus < <(seq "${part%-*}" "${part#*-}")
  done
  echo "${cpus[$(($1 % ${#cpus[@]}))]}"
}

# cluster_daemon NAME FOLDER PREFIX... -- CLASS ARGUMENT...: a daemon, with the options that Spark's own scripts would give it.
cluster_daemon() {
  local name=$1 folder=$2 prefix=() command=()
  shift 2
  while [ "$1" != -- ]; do
    prefix+=("$1")
    shift
  done
  shift
  # Spark's launcher prints the command after a NUL and a line's end, each word followed by a NUL.
  mapfile -d '' -t command < <("${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx128m -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main "$@")
  command=("${command[@]:1}")
  command[0]=${command[0]#$'\n'}
  SPARK_LOCAL_DIRS=$cluster_local "${prefix[@]}" "${command[@]}" >"$folder/$name.out" 2>"$folder/$name.err" </dev/null &
  cluster_pids+=($!)
}

# cluster_await WHAT SECONDS COMMAND...: until the command succeeds.
cluster_await() {
  local what=$1 left=$2
  shift 2
  until "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "no $what; see the logs" >&2; return 1; }
    sleep 1
  done
}

cluster_has_master() { grep -qs 'Starting Spark master at spark://' "$1/master.err"; }
cluster_has_workers() { [ "$(grep -c 'Registering worker ' "$1/master.err")" -ge "$2" ]; }

cluster_start() {
  local executors=$1 memory=$2 folder=$3 i
  mkdir -p "$folder"
  cluster_local=$folder/local
  mkdir -p "$cluster_local"
  SPARK_DAEMON_MEMORY=256m cluster_daemon master "$folder" -- \
    org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 0 --webui-port 0
  cluster_await "master" 60 cluster_has_master "$folder"
  cluster_url=$(sed -n 's/.*Starting Spark master at \(spark:[^ ]*\).*/\1/p' "$folder/master.err" | head -1)
  for ((i = 0; i < executors; i++)); do
    SPARK_DAEMON_MEMORY=256m cluster_daemon "worker-$i" "$folder" taskset -c "$(cluster_cpu "$i")" -- \
      org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --port 0 --webui-port 0 --cores 1 --memory "$memory" \
      --work-dir "$folder/work-$i" "$cluster_url"
  done
  cluster_await "$executors registered workers" 60 cluster_has_workers "$folder" "$executors"
}

# The settings of an application that takes the whole cluster and waits for all of it: sets the array cluster_settings.
cluster_application() {
  local executors=$1 memory=$2
  # shellcheck disable=SC2034
  cluster_settings=(--master "$cluster_url" --conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1
    --conf spark.executor.cores=1 --conf "spark.cores.max=$executors" --conf "spark.executor.memory=$memory"
    --conf spark.scheduler.minRegisteredResourcesRatio=1.0 --conf spark.scheduler.maxRegisteredResourcesWaitingTime=60s)
}

cluster_stop() {
  local i
  # Workers first: they end their executors.
  for ((i = ${#cluster_pids[@]} - 1; i >= 0; i--)); do
    kill "${cluster_pids[$i]}" 2>/dev/null || true
    wait "${cluster_pids[$i]}" 2>/dev/null || true
  done
  cluster_pids=()
  if [ -n "$cluster_local" ]; then
    rm -rf "$cluster_local"
    cluster_local=
  fi
}

# cluster_machine: this machine, for a results page: JSON, one line.
cluster_machine() {
  printf '{"machine":{"cpu":"%s","cpus":%s,"memory_gb":%s,"kernel":"%s","commit":"%s","date":"%s"}}\n' \
    "$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -1)" "$(nproc --all)" \
    "$(awk '/^MemTotal/ { printf "%.0f", $2 / 1e6 }' /proc/meminfo)" "$(uname -r)" \
    "$(git -C "$root" describe --always --dirty 2>/dev/null || echo unknown)" "$(date -u +%F)"
}
