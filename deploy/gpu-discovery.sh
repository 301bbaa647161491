#!/usr/bin/env bash
# Spark's discovery script for GPUs: prints {"name":"gpu","addresses":[...]} with all GPUs of this machine.
# Give it as spark.worker.resource.gpu.discoveryScript (standalone) or spark.executor.resource.gpu.discoveryScript
# (YARN, Kubernetes). Needs nvidia-smi, which comes with NVIDIA's driver.
#
# The addresses are UUIDs, not indices. nvidia-smi counts in the order of the bus, CUDA begins with the fastest
# unless CUDA_DEVICE_ORDER says otherwise, and a container counts from 0 again: one index may mean several GPUs,
# a UUID means one everywhere. Where a GPU is divided (MIG), its parts are listed in its place.
set -euo pipefail

command -v nvidia-smi >/dev/null || {
  echo "gpu-discovery: there is no nvidia-smi on the PATH; install NVIDIA's driver, or ask Spark for no GPUs here" >&2
  exit 1
}
listed=$(nvidia-smi -L) || {
  echo "gpu-discovery: nvidia-smi -L failed: ${listed:-it said nothing}; is the driver loaded?" >&2
  exit 1
}

addresses=()
whole=""
keep() { [ -z "$whole" ] || addresses+=("\"$whole\""); whole=""; }
while IFS= read -r line; do
  if [[ $line =~ UUID:\ (GPU-[0-9a-fA-F-]+) ]]; then
    keep
    whole=${BASH_REMATCH[1]}
  elif [[ $line =~ UUID:\ (MIG-[0-9a-fA-F/-]+|MIG-GPU-[0-9a-fA-F/-]+) ]]; then
    whole=""
    addresses+=("\"${BASH_REMATCH[1]}\"")
  fi
done <<<"$listed"
keep

[ ${#addresses[@]} -gt 0 ] || {
  echo "gpu-discovery: nvidia-smi -L lists no GPU; it said: ${listed:-nothing}" >&2
  exit 1
}
(IFS=,; echo "{\"name\":\"gpu\",\"addresses\":[${addresses[*]}]}")
