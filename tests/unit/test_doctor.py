"""`tsgen doctor`: what blocks a build and what does not, the two devices, the table and the JSON."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tsgen import doctor
from tsgen.commands import doctor as checkup
from tsgen.doctor import aotinductor, compilers, cuda, devices, index, python, runtime, system, toolkit, tools
from tsgen.doctor.cuda import Driver
from tsgen.doctor.findings import DeviceAnswer, Diagnosis, Facts, Finding, Stored, Torch
from tsgen.toolchain.interpreter import Interpreter

if TYPE_CHECKING:
    from .conftest import Tsgen

CHOSEN = Interpreter(executable=Path("python3"), version="3.11.7", torch=Path("torch"), torch_version="2.14.1+cu130")
NO_DRIVER = Driver(cuda=None, devices=0)
DRIVER = Driver(cuda="13.0", devices=1)


def torch(**changes: Any) -> Torch:
    made = Torch(
        root=Path("site-packages/torch"),
        version="2.14.1+cu130",
        accelerator="cu130",
        cxx11_abi=True,
        cxx_standard=20,
        glibc="2.28",
        cuda_toolkit="12.6",
    )
    return replace(made, **changes)


def facts(tmp_path: Path, **changes: Any) -> Facts:
    made = Facts(
        platform="linux-x86_64",
        platform_problem="",
        musl=False,
        torch=torch(),
        torch_problem="",
        store=Stored(root=tmp_path / "store", entries=0, bytes=0),
    )
    return replace(made, **changes)


def finding(topic: str, state: Any = "ok", *, blocking: bool = False) -> Finding:
    return Finding(topic=topic, state=state, found="found", needed="needed", fix="a fix", blocking=blocking)


def of(topic: str, found: list[Finding]) -> Finding:
    return next(each for each in found if each.topic == topic)


# --- The system ---


def test_a_platform_without_libtorch_blocks(tmp_path: Path) -> None:
    known = facts(tmp_path, platform=None, platform_problem="nothing for you")
    found = of("platform", system.examine(known, tmp_path))
    assert (found.state, found.blocking, found.fix) == ("missing", True, "build on another machine")
    assert "glibc" in of("platform", system.examine(replace(known, musl=True), tmp_path)).fix


@pytest.mark.parametrize(("tag", "musl"), [("musllinux_1_2_x86_64", True), ("manylinux_2_36_x86_64", False)])
def test_musl_is_seen_by_the_platform_tags(monkeypatch: pytest.MonkeyPatch, tag: str, *, musl: bool) -> None:
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    monkeypatch.setattr("packaging.tags.platform_tags", lambda: iter([tag]))
    monkeypatch.setattr("os.confstr", lambda _: None)  # which knows no other C library than glibc
    known = checkup.facts(None)
    assert (known.platform, known.musl) == (None, musl)
    assert known.platform_problem.startswith("there is no LibTorch for linux-")


@pytest.mark.parametrize(
    ("here", "floor", "state"), [("2.27", "2.28", "old"), ("2.28", "2.28", "ok"), ("2.4", "2.28", "old")]
)
def test_glibc_is_compared_as_a_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: str, floor: str, state: str
) -> None:
    monkeypatch.setattr(system, "glibc", lambda: here)
    found = of("glibc", system.examine(facts(tmp_path, torch=torch(glibc=floor)), tmp_path))
    assert (found.state, found.blocking, bool(found.fix)) == (state, state == "old", state == "old")


def test_a_system_without_glibc_has_no_finding_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "glibc", lambda: None)
    assert "glibc" not in [each.topic for each in system.examine(facts(tmp_path), tmp_path)]


@pytest.mark.parametrize(
    ("free", "entries", "store", "disk"),
    [(100_000_000, 0, "missing", "missing"), (3e9, 0, "missing", "ok"), (3e9, 1, "ok", "ok"), (9e9, 0, "ok", "ok")],
)
def test_a_full_disk_is_told_and_blocks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: float, entries: int, store: str, disk: str
) -> None:
    monkeypatch.setattr(system, "_free", lambda _: free)
    known = facts(tmp_path, store=Stored(root=tmp_path, entries=entries, bytes=5_000_000_000))
    found = system.examine(known, tmp_path)
    assert (of("store", found).state, of("disk", found).state) == (store, disk)
    assert not any(each.blocking for each in found)


def test_the_disk_of_a_store_that_is_not_there_yet_is_asked(tmp_path: Path) -> None:
    assert "GB" in of("store", system.examine(facts(tmp_path), tmp_path)).found
    assert not (tmp_path / "store").exists()


def test_a_store_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    known = facts(tmp_path, store=Stored(root=Path(), entries=0, bytes=0, problem="the store is a file"))
    found = of("store", system.examine(known, tmp_path))
    assert (found.state, found.found) == ("missing", "the store is a file")
    assert "TSGEN_STORE" in found.fix


# --- Python ---


def test_a_torch_is_told_with_abi_and_standard(tmp_path: Path) -> None:
    found = of("torch", python.examine(CHOSEN, facts(tmp_path)))
    assert found.state == "ok"
    assert all(word in found.found for word in ("2.14.1+cu130", "cxx11 ABI", "C++20"))


def test_an_old_abi_is_told(tmp_path: Path) -> None:
    assert "pre-cxx11 ABI" in of("torch", python.examine(CHOSEN, facts(tmp_path, torch=torch(cxx11_abi=False)))).found


def test_no_torch_blocks_and_the_fix_names_that_python(tmp_path: Path) -> None:
    chosen = replace(CHOSEN, torch=None, torch_version=None)
    found = of("torch", python.examine(chosen, facts(tmp_path, torch=None)))
    assert (found.state, found.blocking) == ("missing", True)
    assert found.fix.startswith("python3 -m pip install torch")


def test_a_broken_torch_blocks_with_the_reason(tmp_path: Path) -> None:
    found = of("torch", python.examine(CHOSEN, facts(tmp_path, torch=None, torch_problem="libc10.so is cut short")))
    assert (found.state, found.blocking) == ("unknown", True)
    assert "cut short" in found.found


def test_other_interpreters_with_another_torch_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(CHOSEN, executable=Path("other"), torch=Path("other-torch"), torch_version="2.6.0")
    monkeypatch.setattr(python, "_find", lambda _: other)
    assert "2.6.0 in other" in of("interpreter", python.examine(CHOSEN, facts(tmp_path))).found
    monkeypatch.setattr(python, "_find", lambda _: None)
    assert "others" not in of("interpreter", python.examine(CHOSEN, facts(tmp_path))).found


# --- The devices ---


def answer(device: str, *parts: Finding, of_torch: Torch | None, driver: Driver, builds: bool = True) -> DeviceAnswer:
    return next(each for each in devices.answers(of_torch, driver, parts, builds=builds) if each.device == device)


def test_a_cuda_torch_builds_for_cuda_without_a_toolkit() -> None:
    found = answer("cuda", of_torch=torch(), driver=NO_DRIVER)
    assert (found.builds, found.runs) == (True, False)
    assert found.words == "builds here, without a toolkit; running needs an NVIDIA driver: none found"


@pytest.mark.parametrize(
    ("driver", "runs", "word"),
    [
        (DRIVER, True, "1 GPU"),
        (Driver(cuda="13.2", devices=2), True, "2 GPU"),
        (Driver(cuda="12.8", devices=1), False, "ends at CUDA 12.8"),
        (Driver(cuda="13.0", devices=0), False, "sees none"),
        (Driver(cuda="13.0", devices=0, problem="it sees no GPU"), False, "sees no GPU"),
        (Driver(cuda=None, devices=0, problem="it crashes when it is asked"), False, "crashes"),
    ],
)
def test_running_on_cuda_needs_a_driver_of_that_major_version(driver: Driver, word: str, *, runs: bool) -> None:
    found = answer("cuda", of_torch=torch(), driver=driver)
    assert (found.builds, found.runs) == (True, runs)
    assert word in found.words


def test_missing_wheels_of_nvidia_forbid_cuda() -> None:
    found = answer("cuda", finding("NVIDIA wheels", "missing"), of_torch=torch(), driver=DRIVER)
    assert (found.builds, found.runs) == (False, False)


@pytest.mark.parametrize(("state", "builds"), [("ok", True), ("not checked", True), ("missing", False)])
def test_a_cpu_torch_fetches_for_cuda(state: str, *, builds: bool) -> None:
    cpu = torch(version="2.14.1+cpu", accelerator="cpu")
    found = answer("cuda", finding("package index", state), of_torch=cpu, driver=DRIVER)
    assert found.builds is builds
    assert "the CPU" in found.words


def test_what_blocks_the_cpu_blocks_both_and_is_named() -> None:
    blocked = finding("compiler", "missing", blocking=True)
    for device in ("cpu", "cuda"):
        found = answer(device, blocked, of_torch=torch(), driver=DRIVER, builds=False)
        assert (found.builds, found.runs, found.words) == (False, False, "does not build here: see compiler")


# --- The whole ---


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine is looked at."""
    monkeypatch.setattr(cuda, "driver", lambda: NO_DRIVER)
    for module in (aotinductor, python, tools, toolkit, runtime, system, compilers):
        monkeypatch.setattr(module, "examine", lambda *_: [])
    monkeypatch.setattr(
        index, "examine", lambda *, offline: finding("package index", "missing" if not offline else "ok")
    )


@pytest.mark.usefixtures("quiet")
def test_what_only_cuda_or_fetching_needs_does_not_block(tmp_path: Path) -> None:
    found = doctor.diagnose(facts(tmp_path), CHOSEN, tmp_path)
    assert found.builds
    assert {each.topic: each.state for each in found.findings} == {"GPU driver": "missing", "package index": "missing"}


@pytest.mark.usefixtures("quiet")
def test_one_blocking_finding_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compilers, "examine", lambda _: [finding("compiler", "missing", blocking=True)])
    assert not doctor.diagnose(facts(tmp_path), CHOSEN, tmp_path).builds


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(("known", "standard"), [(torch(cxx_standard=17), 17), (None, 20)])
def test_the_standard_is_that_of_the_torch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: Torch | None, standard: int
) -> None:
    monkeypatch.setattr(compilers, "examine", lambda wanted: [finding(f"C++{wanted}")])
    found = doctor.diagnose(facts(tmp_path, torch=known), CHOSEN, tmp_path, offline=True)
    assert f"C++{standard}" in [each.topic for each in found.findings]


def diagnosis(*, builds: bool) -> Diagnosis:
    findings = (
        finding("disk"),
        finding("Conan", "missing"),
        finding("compiler", "ok" if builds else "missing", blocking=not builds),
    )
    return Diagnosis(
        builds=builds, findings=findings, devices=devices.answers(None, NO_DRIVER, findings, builds=builds)
    )


@pytest.mark.parametrize(("builds", "code"), [(True, 0), (False, 6)])
def test_the_exit_code_says_whether_projects_build_here(
    tsgen: Tsgen, monkeypatch: pytest.MonkeyPatch, code: int, *, builds: bool
) -> None:
    monkeypatch.setattr(checkup, "diagnose", lambda *_, **__: diagnosis(builds=builds))
    assert tsgen("doctor") == code
    assert tsgen("doctor", "--json") == code
    assert tsgen.document["builds"] is builds
    assert set(tsgen.document["findings"][0]) == {"topic", "state", "found", "needed", "fix", "blocking"}


def test_the_table_has_what_blocks_first_and_what_is_well_last(tsgen: Tsgen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "diagnose", lambda *_, **__: diagnosis(builds=False))
    tsgen("doctor")
    lines = [line for line in tsgen.out.splitlines() if line[:3].strip()]
    assert [line[:16].strip() for line in lines[:3]] == ["! compiler", "Conan", "disk"]
    assert tsgen.out.count("fix: a fix") == 2
    assert "--device cpu    does not build here: see compiler" in tsgen.out


def test_the_facts_are_those_of_the_resolver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TSGEN_STORE", str(tmp_path / "store"))
    (tmp_path / "torch").mkdir()
    known = checkup.facts(tmp_path / "torch")
    assert known.torch is None
    assert "not a whole LibTorch" in known.torch_problem
    assert known.store == Stored(root=tmp_path / "store", entries=0, bytes=0)
    assert checkup.facts(None).torch_problem == ""


def test_a_store_that_is_read_only_is_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    (found,) = system._store(Stored(root=tmp_path / "store", entries=0, bytes=0))
    assert (found.state, found.blocking) == ("missing", False)
    assert "read-only" in found.found
    assert "TSGEN_STORE" in found.fix
