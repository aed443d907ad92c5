#!/usr/bin/env bash
# One would expect: a model that is scripted and saved twice, by the same torch from the same source and numbers, gives the same bytes, or
# at least the same program.
#
# What happens: torch.jit.script collects a module's `__constants__` in a set of strings, and torch.jit.save writes them in the order of that
# set. Python hashes strings with another seed in each process, so the attributes in code/__torch__*.py come in another order, and the file
# has another hash, from run to run. Nothing of the model has changed. A build that compares artifacts by hash exports for ever; with
# PYTHONHASHSEED fixed the bytes are equal. Traced models are not affected.
#
# torch 2.14.1 (CPU part of the CUDA wheel, Linux x86_64), CPython 3.11; seen on 2026-12-01.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.14.1 numpy

cat >"$folder/save.py" <<'PYTHON'
import hashlib
import io
import zipfile

import torch


class Net(torch.nn.Module):
    __constants__ = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]

    def __init__(self):
        super().__init__()
        for number, name in enumerate(self.__constants__):
            setattr(self, name, number)

    def forward(self, x):
        return x * self.alpha + self.beta * self.gamma - self.delta * self.epsilon + self.zeta


file = io.BytesIO()
torch.jit.save(torch.jit.script(Net()), file)
archive = zipfile.ZipFile(file)
code = next(name for name in archive.namelist() if "/code/__torch__" in name and name.endswith(".py"))
order = [line.split()[0] for line in archive.read(code).decode().splitlines() if ": Final[" in line]
print(hashlib.sha256(file.getvalue()).hexdigest()[:16], " ".join(order))
PYTHON

saved() { PYTHONHASHSEED=$1 "$folder/venv/bin/python" -W ignore "$folder/save.py"; }

"$folder/venv/bin/python" -c 'import torch; print("torch", torch.__version__)'
first=$(saved 1) again=$(saved 1) other=$(saved 2)
printf 'hash seed 1: %s\nhash seed 1: %s\nhash seed 2: %s\n' "$first" "$again" "$other"

[ "$first" = "$again" ] || { echo "changed: the same hash seed gives other bytes too"; exit 1; }
[ "$first" != "$other" ] || { echo "changed: the bytes no longer depend on the hash seed"; exit 1; }
echo "seen: the saved program depends on the order of a set of strings"
