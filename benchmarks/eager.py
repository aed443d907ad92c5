"""The median of CALLS calls of a model of torchvision in eager Python, in milliseconds: batch 1, one thread, on ones.

python benchmarks/eager.py resnet18 100
"""

import statistics
import sys
import time

import torch
import torchvision

WARM_UP = 3

torch.set_num_threads(1)
model = getattr(torchvision.models, sys.argv[1])().eval()
image = torch.ones(1, 3, 224, 224)
times = []
with torch.no_grad():
    for call in range(WARM_UP + int(sys.argv[2])):
        begun = time.perf_counter()
        model(image)
        if call >= WARM_UP:
            times.append(time.perf_counter() - begun)
print(statistics.median(times) * 1000)
