#!/usr/bin/env bash
# One would expect: an operator that is given a tensor of the CPU and one of the meta device raises, as it does for the CPU and a GPU, so
# that a run on meta shows where a model mixes devices; or that no operator does.
#
# What happens: it depends on the operator. add, linear, layer_norm, cat and where raise. matmul and convolution take weights of the CPU
# beside an input of meta and answer on meta, and an embedding whose indices are on meta answers on the CPU, from numbers that nobody has.
# Called through Python's own dispatch (the modules of torch.nn), so no tracing or compiling is in the way.
#
# torch 2.14.1 (CPU part of the CUDA wheel, Linux x86_64), CPython 3.11; seen on 2026-12-01.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.14.1

cat >"$folder/mixing.py" <<'PYTHON'
import torch
from torch import nn

here, meta = torch.ones(2, 4), torch.ones(2, 4, device="meta")
CALLS = {
    "add": lambda: here + meta,
    "linear": lambda: nn.Linear(4, 3)(meta),
    "layer_norm": lambda: nn.LayerNorm(4)(meta),
    "cat": lambda: torch.cat([here, meta]),
    "where": lambda: torch.where(here > 0, meta, here),
    "matmul": lambda: meta @ torch.ones(4, 3),
    "convolution": lambda: nn.Conv1d(2, 3, 2)(meta[None]),
    "embedding": lambda: nn.Embedding(5, 3)(torch.zeros(2, dtype=torch.long, device="meta")),
}


def answer(call):
    try:
        return f"answers on {call().device}"
    except RuntimeError:
        return "raises"


print(f"torch {torch.__version__}")
found = {name: answer(call) for name, call in CALLS.items()}
for name, words in found.items():
    print(f"{name}: {words}")
wanted = dict.fromkeys(CALLS, "raises")
wanted |= {"matmul": "answers on meta", "convolution": "answers on meta", "embedding": "answers on cpu"}
raise SystemExit(0 if found == wanted else 1)
PYTHON

if "$folder/venv/bin/python" -W ignore "$folder/mixing.py"; then
  echo "seen: some operators take tensors of two devices, one answers on the wrong one"
else
  echo "changed: other operators raise than before" >&2
  exit 1
fi
