"""Twenty classifiers of twenty families, with no flag but --model.

One project is made and its model exchanged: the program takes any model of its runtime, so it is compiled once. CI
takes eight of them; `--slow` all. The zoo has many more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .conftest import Made, make

if TYPE_CHECKING:
    from .conftest import Tsgen

FAMILIES = (
    "alexnet",
    "convnext_tiny",
    "densenet121",
    "efficientnet_b0",
    "efficientnet_v2_s",
    "googlenet",
    "inception_v3",
    "maxvit_t",
    "mnasnet0_5",
    "mobilenet_v2",
    "mobilenet_v3_small",
    "regnet_y_400mf",
    "resnext50_32x4d",
    "shufflenet_v2_x0_5",
    "squeezenet1_1",
    "swin_t",
    "swin_v2_t",
    "vgg11_bn",
    "vit_b_32",
    "wide_resnet50_2",
)


@pytest.fixture(scope="module")
def zoo(tsgen: Tsgen, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tsgen, tmp_path_factory.mktemp("zoo"), "myapp", "--model", FAMILIES[0])


QUICK = {
    *("alexnet", "googlenet", "mobilenet_v3_small", "regnet_y_400mf", "shufflenet_v2_x0_5", "squeezenet1_1"),
    *("swin_v2_t", "vit_b_32"),
}


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in FAMILIES]
)
def test_a_classifier_is_proven(name: str, zoo: Made, tsgen: Tsgen) -> None:
    ended = tsgen("build", zoo.root, "--json", env={"TSGEN_MODEL": name})
    assert ended.status == 0, ended.stderr
    outcome = ended.document
    assert outcome["artifact"]["model"] == name
    assert outcome["parity"]["passed"]
    assert outcome["parity"]["demand"] == "exact"
