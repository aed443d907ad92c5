"""What tsgen decides, it decides by states and kinds: with every sentence reworded it decides the same."""

from __future__ import annotations

import ast
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pytest

from tsgen import errors, libtorch, verify
from tsgen.commands import doctor
from tsgen.commands.matrix import planning
from tsgen.config import DEFAULT_TOLERANCES, from_table
from tsgen.console import summaries
from tsgen.doctor import cuda, system
from tsgen.doctor.cuda import Driver
from tsgen.errors import ParityError, TsgenError
from tsgen.matrix import rules, strategies
from tsgen.project import proof_cache
from tsgen.toolchain.interpreter import Interpreter
from tsgen.types import PLATFORMS, System, accelerator_kind, system_of
from tsgen.types.matrix import Refusal
from tsgen.verify import compare
from tsgen.workspace import Workspace

from .test_verify_cuda import NO_DRIVER, Program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tsgen.types.matrix import Leg

    from .conftest import Script

    Change = Callable[[Program], None]

PACKAGE = Path(errors.__file__).parent
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is an sh script")


@pytest.fixture
def reword(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Every sentence of the proof, of the legs and of all errors comes in capitals from then on."""

    def loud(error: TsgenError, message: str, *, hint: str = "", details: str = "") -> None:
        plain(error, message.upper(), hint=hint.upper(), details=details.upper())

    def apply() -> None:
        monkeypatch.setattr(TsgenError, "__init__", loud)
        for table in (summaries._REASONS, verify._HINTS):
            for kind, words in table.items():
                monkeypatch.setitem(table, kind, words.upper())
        for name in ("_LESS", "_MORE", "_UNKNOWN"):
            monkeypatch.setattr(compare, name, getattr(compare, name).upper())
        monkeypatch.setattr(verify, "_WIDEN", verify._WIDEN.upper())
        lacking = strategies.native.lacks
        monkeypatch.setattr(strategies.native, "lacks", lambda leg: _loud(lacking(leg)))
        why_not = rules.why_not
        monkeypatch.setattr(rules, "why_not", lambda leg: _loud(why_not(leg)))

    plain = TsgenError.__init__
    return apply


def _loud(refusal: Refusal | None) -> Refusal | None:
    return refusal and Refusal(refusal.reason.upper(), refusal.hint.upper())


@pytest.fixture
def program(tmp_path: Path, shell: Script) -> Program:
    return Program(tmp_path, shell)


def _cpu(program: Program, case: str, *values: float) -> None:
    np.save(program.folder / "cpu" / case / "output.output.npy", np.array(values, "float32"))


def _answers(program: Program, value: float) -> None:
    """Python's and C++'s, to every input."""
    for folder in (program.artifact.path.parent / "cases", program.folder / "cpu", program.on_cuda):
        for case in program.artifact.cases:
            np.save(folder / case.name / "output.output.npy", np.full(2, value, "float32"))


def _fails_its_own_verify(program: Program, device: str) -> None:
    cases = [{"name": case.name, "milliseconds": 1.0} for case in program.artifact.cases]
    says = {"passed": False, "cases": cases, "torch_version": "2.14.1", "demand": "exact", "reason": ""}
    program.says(device, says)


# The kinds of reason on the CPU and on CUDA, and a word of the hint that goes with them.
PROOFS: Mapping[str, tuple[Change, tuple[str, str], tuple[str, str], str]] = {
    "proven": (lambda _: None, ("proven", ""), ("proven", ""), ""),
    "no driver": (lambda p: p.cuda("absent", problem=NO_DRIVER), ("proven", ""), ("not exercised", "absent"), ""),
    "broken": (lambda p: p.cuda("unusable", problem="x"), ("proven", ""), ("failed", "unusable"), "mend that"),
    "other on CUDA": (lambda p: p.answer("ones", 9, 9), ("proven", ""), ("failed", "differs"), "[tolerance]"),
    "missing on CUDA": (
        lambda p: (p.on_cuda / "ones/output.output.npy").unlink(), ("proven", ""), ("failed", "differs"), "[tolerance]"
    ),
    # A program may speak of cases as a mismatch does: that makes it none.
    "raises on CUDA": (
        lambda p: p.says("cuda", {"error": {"message": "no: case ones", "hint": ""}}),
        ("proven", ""), ("failed", "refused"), "mend that",
    ),
    "CUDA's own verify": (
        lambda p: _fails_its_own_verify(p, "cuda"), ("proven", ""), ("failed", "own_verify"), "mend that"
    ),
    "other on CPU": (lambda p: _cpu(p, "ones", 9, 9), ("failed", ""), ("not exercised", "cpu_first"), "look at src/"),
    "CPU's own verify": (
        lambda p: _fails_its_own_verify(p, "cpu"), ("failed", "own_verify"), ("not exercised", "cpu_first"), "src/"
    ),
    "always the same": (
        lambda p: _answers(p, 1), ("not proven", "constant_output"), ("not exercised", "cpu_first"), "--weights"
    ),
}  # fmt: skip


@on_posix
@pytest.mark.parametrize("name", PROOFS)
@pytest.mark.parametrize("reworded", [False, True])
def test_a_proof_ends_by_its_kinds(
    program: Program, reword: Callable[[], None], tmp_path: Path, name: str, *, reworded: bool
) -> None:
    change, cpu, on_cuda, hint = PROOFS[name]
    if reworded:
        reword()
    change(program)
    made = program.prove()
    kinds = {device: (each.state, each.reason.kind if each.reason else "") for device, each in made.devices.items()}
    assert kinds == {"cpu": cpu, "cuda": on_cuda}
    proof_cache.write(tmp_path, "key", made)
    again = proof_cache.read(tmp_path, "key")
    if hint:
        error = program.refusal()
        assert error.exit_code == 8
        assert (hint.upper() if reworded else hint) in error.hint
        assert (error.message == error.message.upper()) is reworded
        assert again is None
    else:
        verify.require(made, program.artifact, [])
        assert again
        assert verify.holds_here(again, program.build, program.artifact)


@on_posix
@pytest.mark.parametrize("reworded", [False, True])
@pytest.mark.parametrize(("value", "hint"), [(1.0, "--weights"), (float("nan"), "set_detect_anomaly")])
def test_cases_that_prove_nothing_are_refused_with_the_hint_of_their_kind(
    program: Program, reword: Callable[[], None], value: float, hint: str, *, reworded: bool
) -> None:
    if reworded:
        reword()
    _answers(program, value)
    with pytest.raises(ParityError) as caught:
        verify.require_lively(program.artifact, DEFAULT_TOLERANCES)
    assert (hint.upper() if reworded else hint) in caught.value.hint


LEGS: Mapping[str, tuple[dict[str, str], str]] = {
    "here": ({}, "proven"),
    "no such compiler here": ({"compiler": "g++-99"}, "lacking"),
    "no such release": ({"torch_version": "9.9"}, "impossible"),
    "another ABI": ({"compiler": "msvc"}, "impossible"),
    "Windows": ({"platform": "windows-x86_64", "compiler": "msvc"}, "elsewhere"),
    "a GPU": ({"accelerator": "cu130"}, "elsewhere"),
}


@pytest.mark.parametrize("name", LEGS)
@pytest.mark.parametrize("reworded", [False, True])
def test_a_leg_becomes_what_it_becomes(
    monkeypatch: pytest.MonkeyPatch, reword: Callable[[], None], tmp_path: Path, name: str, *, reworded: bool
) -> None:
    def lacks(leg: Leg) -> Refusal | None:
        return Refusal("no: such: compiler", "install it") if leg.compiler == "g++-99" else None

    monkeypatch.setattr(libtorch, "host_platform", lambda: "linux-x86_64")
    monkeypatch.setattr(cuda, "driver", lambda: Driver(cuda=None, devices=0))
    monkeypatch.setattr(strategies.native, "lacks", lacks)
    if reworded:
        reword()
    axes, aim = LEGS[name]
    matrix: dict[str, Any] = {"matrix": {axis: [word] for axis, word in axes.items()}}
    config = from_table({"name": "myapp", "model": "resnet18", **matrix}, where="tsgen.toml")
    python = Interpreter(executable=tmp_path, version="3.11", torch=tmp_path, torch_version="2.14.1")
    (found,) = planning.planned(Workspace(root=tmp_path, home=tmp_path, config=config, python=python))
    assert found.target_state == aim
    if aim == "lacking":
        told = Refusal(found.reason, found.hint)
        assert told == (_loud(lacks(found.leg)) if reworded else lacks(found.leg))


@pytest.mark.parametrize("reworded", [False, True])
def test_musl_gets_its_own_advice(
    monkeypatch: pytest.MonkeyPatch, reword: Callable[[], None], tmp_path: Path, *, reworded: bool
) -> None:
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("packaging.tags.platform_tags", lambda: iter(["musllinux_1_2_x86_64"]))
    monkeypatch.setattr("os.confstr", lambda _: None)
    if reworded:
        reword()
    known = doctor.facts(None)
    assert "an image with glibc" in system.examine(known, tmp_path)[0].fix
    assert "another machine" in system.examine(replace(known, musl=False), tmp_path)[0].fix


@pytest.mark.parametrize(
    ("accelerator", "kind"),
    [("cpu", "cpu"), ("cu92", "cuda"), ("cu130", "cuda"), ("cuda", "cuda"), ("rocm7.2", "rocm"), ("xpu", "xpu")],
)
def test_an_accelerator_has_a_kind(accelerator: str, kind: str) -> None:
    assert accelerator_kind(accelerator) == kind


def test_each_platform_has_a_system() -> None:
    assert {system_of(platform) for platform in PLATFORMS} == set(get_args(System))


SENTENCES = {"message", "reason", "hint", "details", "problem", "note", "verdict", "refusal", "lacking", "sentence"}
"""Names that hold what people read, also behind an underscore: `platform_problem`."""
ASKING = {"startswith", "endswith", "partition", "rpartition", "split", "find", "index", "count", "removeprefix"}
FOREIGN = {
    "system.codec": "msgspec tells where and what in words alone",
    "libtorch.wheels.pip.refusals": "pip tells in words alone",
    "render.project": "cookiecutter's error ends in its whole context, which is cut off",
}
"""Where the words of another program or library are taken apart, for it gives nothing else."""


def _sentence(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str":
        return bool(node.args) and isinstance(node.args[0], ast.Name) and node.args[0].id in {"error", "refused"}
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name.rpartition("_")[2] in SENTENCES


def _text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _decisions(tree: ast.AST) -> Iterator[int]:
    """The lines in which a sentence is compared, searched or taken apart."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(map(_sentence, sides)) and any(map(_text, sides)):
                yield node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            asked = node.func.attr in ASKING and _sentence(node.func.value)
            searched = node.func.attr in {"search", "match", "fullmatch"} and any(map(_sentence, node.args))
            if asked or searched:
                yield node.lineno


@pytest.mark.parametrize(
    "text",
    [
        '"musl" in facts.platform_problem',
        'verdict.reason == "x"',
        '": case " in verdict',
        'lacking.partition(": ")',
        'error.message.startswith("raises")',
        'str(error).partition(": ")',
        're.search("x", leg.reason)',
    ],
)
def test_a_decision_by_a_sentence_is_seen(text: str) -> None:
    assert list(_decisions(ast.parse(text)))


def test_nothing_is_decided_by_a_sentence() -> None:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        if module.startswith("worker") or "_templates" in path.parts or module in FOREIGN:
            continue
        if lines := list(_decisions(ast.parse(path.read_text(encoding="utf-8")))):
            found[module] = lines
    assert found == {}
