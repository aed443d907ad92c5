#!/usr/bin/env bash
# One would expect: a module that torch.jit.optimize_for_inference returns and torch.jit.save writes without a word can be loaded again, or
# that saving refuses it.
#
# What happens: on a CPU with oneDNN, optimize_for_inference turns the weights of a convolution into nodes prim::ConstantMKLDNNTensor.
# torch.jit.save writes each as the call `ops.prim.ConstantMKLDNNTensor()`, without the tensor, and reports nothing: the weights are nowhere
# in the file. torch.jit.load then raises "required keyword attribute 'value' is undefined", on the same machine. The frozen module, before
# optimize_for_inference, is saved and loaded as it should; whoever wants the rest must do it anew after each load.
#
# torch 2.14.1 (CPU part of the CUDA wheel, Linux x86_64), CPython 3.11; seen on 2026-12-01.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.14.1

cat >"$folder/round_trip.py" <<'PYTHON'
import io

import torch


def round_trip(module):
    """What loading says of what saving wrote; empty when the loaded module computes the same."""
    file = io.BytesIO()
    torch.jit.save(module, file)
    print(f"saved: {len(file.getvalue())} bytes")
    file.seek(0)
    try:
        loaded = torch.jit.load(file)
    except RuntimeError as error:
        return str(error).strip().splitlines()[-1]
    return "" if torch.allclose(loaded(image), wanted, atol=1e-5) else "it computes something else"


print(f"torch {torch.__version__}, oneDNN {torch.backends.mkldnn.is_available()}")
torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.BatchNorm2d(8), torch.nn.ReLU()).eval()
image = torch.randn(1, 3, 16, 16)
with torch.no_grad():
    wanted = model(image)
    frozen = torch.jit.freeze(torch.jit.trace(model, image))
    of_frozen = round_trip(frozen)
    print(f"frozen, loaded again: {of_frozen or 'computes the same'}")
    optimized = torch.jit.optimize_for_inference(frozen)
    right = torch.allclose(optimized(image), wanted, atol=1e-5)
    of_optimized = round_trip(optimized)
    print(f"optimized, before it is saved: {'computes the same' if right else 'computes something else'}")
    print(f"optimized, loaded again: {of_optimized or 'computes the same'}")
raise SystemExit(0 if right and not of_frozen and "'value' is undefined" in of_optimized else 1)
PYTHON

if "$folder/venv/bin/python" -W ignore "$folder/round_trip.py"; then
  echo "seen: what was saved without a word cannot be loaded"
else
  echo "changed: the file is loaded, or something before that differs" >&2
  exit 1
fi
