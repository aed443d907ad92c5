"""PyTorch's tutorial, step one: make a model of torchvision, trace it on an example, save the trace.

python export.py resnet18 model.pt
"""

import sys

import torch
import torchvision

model = getattr(torchvision.models, sys.argv[1])()
model.eval()
traced = torch.jit.trace(model, torch.rand(1, 3, 224, 224))
traced.save(sys.argv[2])
