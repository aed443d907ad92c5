"""[matrix] of tsgen.toml, and the legs that it gives."""

from __future__ import annotations

from typing import Any

import pytest

from tsgen.config.matrix import axes
from tsgen.errors import ConfigError
from tsgen.matrix import expand, rules
from tsgen.types.axes import AXES
from tsgen.types.matrix import Leg

DEFAULTS = {
    "platform": "linux-x86_64",
    "runtime": "torchscript",
    "torch_version": "2.14.1",
    "accelerator": "cpu",
    "build_type": "release",
}


def legs(**table: Any) -> list[Leg]:
    return list(expand.legs(axes(table, "tsgen.toml"), default))


def default(axis: str, known: dict[str, str]) -> str:
    return rules.usual_compiler(known["platform"], known["runtime"]) if axis == "compiler" else DEFAULTS[axis]


def names(**table: Any) -> list[str]:
    return [leg.name for leg in legs(**table)]


def leg(**values: str) -> Leg:
    return Leg(**{"compiler": "g++", **DEFAULTS, **values})  # type: ignore[arg-type]


def test_no_matrix_is_the_projects_own_leg() -> None:
    assert names() == ["linux-x86_64-2.14.1-cpu-release-g++"]


def test_the_axes_are_multiplied_in_the_order_of_the_name() -> None:
    found = names(build_type=["release", "debug"], torch_version=["2.14.1", "2.13"])
    assert found == [
        "linux-x86_64-2.14.1-cpu-release-g++",
        "linux-x86_64-2.14.1-cpu-debug-g++",
        "linux-x86_64-2.13.0-cpu-release-g++",
        "linux-x86_64-2.13.0-cpu-debug-g++",
    ]


def test_each_platform_has_its_usual_compiler() -> None:
    found = legs(platform=["linux-aarch64", "macos-arm64", "windows-x86_64"])
    assert [each.compiler for each in found] == ["g++", "clang++", "msvc"]


def test_exclude_takes_out_whatever_has_all_of_its_values() -> None:
    found = names(
        platform=["linux-x86_64", "macos-arm64"],
        build_type=["release", "debug"],
        exclude=[{"platform": "macos-arm64", "build_type": "debug"}],
    )
    assert len(found) == 3
    assert "macos-arm64-2.14.1-cpu-debug-clang++" not in found


def test_include_that_fits_no_combination_is_one_of_its_own() -> None:
    found = names(platform=["linux-x86_64"], include=[{"platform": "linux-x86_64", "accelerator": "cu130"}])
    assert found == ["linux-x86_64-2.14.1-cu130-release-g++"], "no original value is overwritten: it is added"
    found = names(accelerator=["cpu"], include=[{"accelerator": "cu130"}])
    assert found == ["linux-x86_64-2.14.1-cpu-release-g++", "linux-x86_64-2.14.1-cu130-release-g++"]


def test_include_may_overwrite_what_an_include_added_but_no_original() -> None:
    """The example in GitHub's documentation, with our axes in the place of its fruit, animal and colour."""
    found = legs(
        platform=["linux-x86_64", "macos-arm64"],
        torch_version=["2.13.0", "2.14.1"],
        include=[
            {"build_type": "debug"},
            {"build_type": "release", "torch_version": "2.13.0"},
            {"platform": "linux-aarch64"},
            {"platform": "linux-aarch64", "torch_version": "2.12.0"},
        ],
    )
    told = {(each.platform, each.torch_version): each.build_type for each in found}
    assert told == {
        ("linux-x86_64", "2.13.0"): "release",
        ("linux-x86_64", "2.14.1"): "debug",
        ("macos-arm64", "2.13.0"): "release",
        ("macos-arm64", "2.14.1"): "debug",
        ("linux-aarch64", "2.14.1"): "release",
        ("linux-aarch64", "2.12.0"): "release",
    }


def test_a_leg_comes_once() -> None:
    assert len(names(compiler=["g++"], include=[{"compiler": "g++", "build_type": "release"}])) == 1
    assert len(names(torch_version=["2.14", "2.14.0"])) == 1


def test_every_axis_is_a_field_of_a_leg_and_in_its_name() -> None:
    one = leg()
    assert [getattr(one, axis) for axis in AXES] == ["linux-x86_64", "torchscript", "2.14.1", "cpu", "release", "g++"]
    one = leg(runtime="aotinductor")
    for axis in AXES:
        assert getattr(one, axis) in one.name


@pytest.mark.parametrize(
    ("table", "told", "hint"),
    [
        ([], "`matrix` must be a table", ""),
        ({"platfrom": ["linux-x86_64"]}, "`matrix` has no key `platfrom`", "did you mean `platform`?"),
        ({"platform": ["linux"]}, "`platform` must be", "linux-x86_64"),
        ({"platform": "linux-x86_64"}, "`matrix.platform` must be a list", ""),
        ({"platform": []}, "`matrix.platform` is empty", "leave it out"),
        ({"torch_version": ["latest"]}, "must be a version", "such as 2.14.1"),
        ({"torch_version": [2.14]}, "must be a string, not 2.14", ""),
        ({"torch_version": [""]}, "in [matrix] is empty", "leave it out"),
        ({"accelerator": ["cuda"]}, "not `cuda`", ""),
        ({"compiler": ["icc"]}, "`compiler` must be g++, clang++, msvc or clang-cl, not `icc`", "clang++-19"),
        ({"exclude": {"platform": "linux-x86_64"}}, "`matrix.exclude` must be a list", ""),
        ({"exclude": [{}]}, "is empty", "platform, runtime, torch_version"),
        ({"include": [{"os": "ubuntu"}]}, "`matrix.include` has no key `os`", "the keys are"),
        ({"include": [{"platform": ["linux-x86_64"]}]}, "`matrix.include.platform` must be a string", ""),
        ({"runners": {"gpu": "x"}}, "`matrix.runners` has the key `gpu`", "linux-x86_64:cuda"),
        ({"runners": {"linux-x86:cuda": "x"}}, "`platform` must be", "did you mean `linux-x86_64`?"),
        ({"runners": {"linux-x86_64:cuda": 3}}, "must be a list of strings", ""),
    ],
)
def test_what_is_wrong_is_told_with_its_place(table: Any, told: str, hint: str) -> None:
    with pytest.raises(ConfigError) as refused:
        axes(table, "tsgen.toml")
    assert told in refused.value.message
    assert refused.value.message.startswith("tsgen.toml: ")
    assert hint in refused.value.hint


def test_a_runner_is_a_label_or_several() -> None:
    found = axes({"runners": {"linux-x86_64:cuda": ["self-hosted", "gpu"], "macos-arm64": "macos-15"}}, "")
    assert found.runners == {"linux-x86_64:cuda": ("self-hosted", "gpu"), "macos-arm64": ("macos-15",)}


@pytest.mark.parametrize("compiler", ["g++", "g++-13", "clang++", "clang++-19"])
def test_linux_takes_both_compilers_in_any_version(compiler: str) -> None:
    assert rules.why_not(leg(compiler=compiler)) is None


@pytest.mark.parametrize(
    ("platform", "compiler", "told"),
    [
        ("linux-x86_64", "msvc", "msvc builds for Windows only"),
        ("macos-arm64", "clang-cl", "clang-cl builds for Windows only"),
        ("macos-arm64", "g++-14", "built against Apple's libc++, which g++-14 does not use"),
        ("windows-x86_64", "g++", "built by MSVC, and g++ has another C++ ABI"),
        ("windows-x86_64", "clang++", "another C++ ABI"),
    ],
)
def test_a_compiler_of_another_abi_is_refused_with_the_reason(platform: str, compiler: str, told: str) -> None:
    refusal = rules.why_not(leg(platform=platform, compiler=compiler))
    assert refusal
    assert told in refusal.reason
    assert platform in refusal.hint
