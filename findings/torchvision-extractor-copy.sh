#!/usr/bin/env bash
# One would expect: copy.deepcopy of a model that is in eval mode is a model in eval mode, with the same numbers and the same answers.
#
# What happens: torchvision's create_feature_extractor returns a subclass of torch.fx.GraphModule, DualGraphModule. Its __deepcopy__ makes the
# copy by calling __init__, which ends in train(), whatever mode the original is in.
# So the copy normalises by its batch instead of the running statistics: its answer is another, and its first call also changes the
# statistics in it. Nothing is raised or warned of. A plain GraphModule of torch.fx.symbolic_trace keeps its mode when it is copied, so code
# that copies models (weight averaging, a trial on a copy, export) works with one and goes wrong with the other.
#
# torch 2.14.1, torchvision 0.29.1 (CPU part of the CUDA wheels, Linux x86_64), CPython 3.11; seen on 2026-12-01.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.14.1 torchvision==0.29.1

cat >"$folder/copy_it.py" <<'PYTHON'
import copy

import torch
import torchvision
from torchvision.models.feature_extraction import create_feature_extractor

torch.manual_seed(0)
extractor = create_feature_extractor(torchvision.models.resnet18(weights=None), ["layer2"]).eval()
plain = torch.fx.symbolic_trace(torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.Dropout())).eval()
image = torch.randn(2, 3, 64, 64)
with torch.no_grad():
    answer = extractor(image)["layer2"]
    copied = copy.deepcopy(extractor)
    began_in_train_mode = copied.training and copied.bn1.training
    same = torch.equal(copied(image)["layer2"], answer)
learned = not torch.equal(copied.bn1.running_mean, extractor.bn1.running_mean)
plain_in_train_mode = copy.deepcopy(plain).training
print(f"torch {torch.__version__}, torchvision {torchvision.__version__}")
print(f"the original is in train mode: {extractor.training}")
print(f"its copy is in train mode: {began_in_train_mode}; answers the same: {same}; its first call changed its statistics: {learned}")
print(f"the copy of a plain GraphModule is in train mode: {plain_in_train_mode}")
as_described = began_in_train_mode and not same and learned and not (extractor.training or plain_in_train_mode)
raise SystemExit(0 if as_described else 1)
PYTHON

if "$folder/venv/bin/python" -W ignore "$folder/copy_it.py"; then
  echo "seen: the copy of a model in eval mode is in train mode"
else
  echo "changed: the copy keeps its mode, or something else differs" >&2
  exit 1
fi
