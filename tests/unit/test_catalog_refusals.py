"""What the catalog refuses: with the reason, and the nearest that exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tsgen.errors import LibTorchError
from tsgen.libtorch import catalog

if TYPE_CHECKING:
    from tsgen.types import BuildType


def refusal(
    version: str,
    platform: str,
    accelerator: str = "cpu",
    build_type: BuildType = "release",
    *,
    cxx11_abi: bool | None = None,
) -> tuple[str, str]:
    with pytest.raises(LibTorchError) as caught:
        catalog.find(version, platform, accelerator, build_type, cxx11_abi=cxx11_abi)
    assert caught.value.exit_code == 3
    return caught.value.message, caught.value.hint


def test_windows_debug_ended_with_2_12_0() -> None:
    message, hint = refusal("2.12.1", "windows-x86_64", build_type="debug")
    assert "2.12.0 was the last with a Debug archive" in message
    assert "RelWithDebInfo" in hint
    assert "--torch-version 2.12.0" in hint


def test_intel_macs_ended_with_2_2_2() -> None:
    message, hint = refusal("2.3.0", "macos-x86_64")
    assert "2.2.2 was the last for Intel Macs" in message
    assert "--torch-version 2.2.2" in hint


@pytest.mark.parametrize("platform", ["windows-x86_64", "macos-arm64", "linux-aarch64"])
def test_rocm_is_for_linux_x86_64_alone(platform: str) -> None:
    message, hint = refusal("2.13.0", platform, "rocm7.1")
    assert "linux-x86_64 alone" in message
    assert "--accelerator cpu" in hint


@pytest.mark.parametrize(
    ("version", "accelerator", "near"),
    [
        ("2.14.0", "cu128", "cu126"),
        ("2.14.0", "cu129", "cu130"),
        ("2.9.0", "cu118", "cu126"),
        ("2.8.0", "cu130", "cu129"),
    ],
)
def test_a_cuda_that_was_not_built_names_the_nearest(version: str, accelerator: str, near: str) -> None:
    message, hint = refusal(version, "linux-x86_64", accelerator)
    assert f"was not built for {accelerator}" in message
    assert f"--accelerator {near} " in hint


def test_a_cuda_of_linux_alone_is_refused_on_windows() -> None:
    assert "was not built for cu102" in refusal("1.12.1", "windows-x86_64", "cu102")[0]


@pytest.mark.parametrize("platform", ["linux-musl-x86_64", "musllinux_1_2_x86_64", "alpine"])
def test_musl_has_nothing(platform: str) -> None:
    message, hint = refusal("2.14.1", platform)
    assert "none for musl" in message
    assert "glibc" in hint


def test_an_unknown_platform_names_the_known() -> None:
    assert "linux-x86_64" in refusal("2.14.1", "freebsd-x86_64")[1]


def test_macos_has_no_cuda() -> None:
    assert "no CUDA on macOS" in refusal("2.14.1", "macos-arm64", "cuda")[0]


def test_xpu_was_never_a_libtorch() -> None:
    assert "XPU" in refusal("2.14.1", "linux-x86_64", "xpu")[0]


def test_an_abi_that_was_not_built_names_the_other() -> None:
    assert refusal("2.7.1", "linux-x86_64", cxx11_abi=False)[1] == "--abi cxx11"
    assert refusal("2.6.0", "linux-x86_64", "rocm6.2.4", cxx11_abi=False)[1] == "--abi cxx11"
    assert refusal("1.2.0", "linux-x86_64", cxx11_abi=True)[1] == "--abi pre-cxx11"


def test_the_abi_is_a_matter_of_linux() -> None:
    message, hint = refusal("2.10.0", "windows-x86_64", cxx11_abi=False)
    assert "a matter of Linux" in message
    assert hint == "leave --abi out"


@pytest.mark.parametrize(
    ("version", "reason", "near"),
    [
        ("2.16.0", "newer than the newest", "2.15.0"),
        ("1.1.0", "older than 1.2.0", "1.2.0"),
        ("2.5.7", "no release 2.5.7", "2.5.1"),
        ("nonsense", "is no version", "2.15.0"),
    ],
)
def test_a_version_that_was_never_released(version: str, reason: str, near: str) -> None:
    message, hint = refusal(version, "linux-x86_64")
    assert reason in message
    assert near in hint


def test_linux_aarch64_has_only_wheels() -> None:
    found = catalog.find("2.14.1", "linux-aarch64")
    assert found.archive is None
    assert found.wheel
    assert "before" not in found.source
    message, hint = refusal("1.7.1", "linux-aarch64")
    assert "linux-aarch64" in message
    assert "--torch-version 1.8.0" in hint


def test_windows_on_arm_exists_where_it_was_seen() -> None:
    message, hint = refusal("2.9.1", "windows-arm64")
    assert "only some releases were seen" in message
    assert "--torch-version 2.10.0" in hint
