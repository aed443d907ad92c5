#!/usr/bin/env bash
# One would expect: a TorchScript file that loads on the CPU loads with map_location="meta" too, which is documented as the way to have a
# module without its numbers; or that whether it does depends on its weights.
#
# What happens: it depends on how many tensor constants of one shape the code holds. With one, the file loads. With two, the loader asks
# whether they are the same constant, by aten::equal, for which the meta device has no kernel, and torch.jit.load raises
# NotImplementedError. A traced model has such constants wherever forward makes a tensor of numbers.
#
# torch 2.14.1 (CPU part of the CUDA wheel, Linux x86_64), CPython 3.11; seen on 2026-12-01.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.14.1

cat >"$folder/constants.py" <<'PYTHON'
import io

import torch


class One(torch.nn.Module):
    def forward(self, x):
        return x * torch.tensor([1.0, 2.0])


class Two(torch.nn.Module):
    def forward(self, x):
        return x * torch.tensor([1.0, 2.0]) + torch.tensor([3.0, 4.0])


def said(model, device):
    file = io.BytesIO()
    torch.jit.save(torch.jit.trace(model, torch.ones(2)), file)
    file.seek(0)
    try:
        torch.jit.load(file, map_location=device)
    except NotImplementedError as error:
        return "no kernel of " + str(error).partition(": ")[0]
    return "loaded"


print(f"torch {torch.__version__}")
found = {(model.__name__, device): said(model(), device) for model in (One, Two) for device in ("cpu", "meta")}
for (model, device), words in found.items():
    print(f"{model} tensor constant(s) on {device}: {words}")
wanted = {("One", "cpu"): "loaded", ("One", "meta"): "loaded", ("Two", "cpu"): "loaded", ("Two", "meta"): "no kernel of aten::equal"}
raise SystemExit(0 if found == wanted else 1)
PYTHON

if "$folder/venv/bin/python" -W ignore "$folder/constants.py"; then
  echo "seen: a second tensor constant keeps a file from the meta device"
else
  echo "changed: the second constant makes no difference, or something before that differs" >&2
  exit 1
fi
