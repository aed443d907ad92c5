"""The parts of the worker that need no torch."""

from __future__ import annotations

import importlib
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tsgen.system import process
from tsgen.worker import messages, reading, suggest
from tsgen.worker.host import cpu
from tsgen.worker.users_code import failures, origin, statements
from tsgen.worker.values import npy

numpy = pytest.importorskip("numpy")


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (1, 2, 3, 4), (0, 5), (123456789, 1)])
@pytest.mark.parametrize("dtype", [name for name in npy.DESCRIPTIONS if name != "bfloat16"])
def test_header_is_numpys(dtype: str, shape: tuple[int, ...]) -> None:
    header = npy.header(dtype, shape)
    assert len(header) % 64 == 0
    file = io.BytesIO(header)
    assert numpy.lib.format.read_magic(file) == (1, 0)
    read: tuple[Any, ...] = numpy.lib.format.read_array_header_1_0(file)
    assert read == (shape, False, numpy.dtype(dtype))


def test_bfloat16_is_two_raw_bytes() -> None:
    file = io.BytesIO(npy.header("bfloat16", (2,)) + b"\x80\x3f\x00\x40")
    assert numpy.load(file).tobytes() == b"\x80\x3f\x00\x40"


X86 = "processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC 9B45 / 2\n\nvendor_id\t: Other\n"
ARM = "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd40\n"


@pytest.mark.parametrize(
    ("text", "values"),
    [(X86, ["AuthenticAMD", "AMD EPYC 9B45   2"]), (ARM, ["0x41", "0xd40"]), ("", []), ("nonsense\n:\n", [])],
)
def test_cpuinfo(text: str, values: list[str]) -> None:
    assert cpu.cpuinfo_values(text) == values


def test_identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cpuinfo").write_text(ARM)
    monkeypatch.setattr(cpu, "CPUINFO", tmp_path / "cpuinfo")
    assert cpu.identity("DEFAULT") == "0x41/0xd40/DEFAULT"
    monkeypatch.setattr(cpu, "CPUINFO", tmp_path / "none")
    assert cpu.identity("AVX2") == ""


def test_did_you_mean() -> None:
    assert suggest.did_you_mean("resnt18", ["resnet18", "vgg11"]) == "did you mean 'resnet18'?"
    assert suggest.did_you_mean("myNet", ["MyNet"]) == "did you mean 'MyNet'?"
    assert suggest.did_you_mean("abc", ["xyz"]) == ""
    assert suggest.either(["a", "b", "c"]) == "a, b or c"
    assert suggest.format_names(map(str, range(12))) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"


INTERPRETER = """The following operation failed in the TorchScript interpreter.
Traceback of TorchScript (most recent call last):
  File "model.py", line 7, in forward
    def forward(self, x):
        return x.view(3, 5)
               ~~~~~~ <--- HERE
RuntimeError: shape '[3, 5]' is invalid for input of size 8
"""
COMPILER = """
Arguments for call are not valid.
The following variants are available:

  aten::norm(Tensor self) -> Tensor:
  Expected at most 1 argument.
:
  File "/home/me/model.py", line 7
        return x.norm(dim=1)
               ~~~~~~ <--- HERE
'Net.helper' is being compiled since it was called from 'Net.forward'
  File "/home/me/model.py", line 20
"""


def test_torchs_forty_lines_become_one() -> None:
    assert (
        failures.format_error(RuntimeError(INTERPRETER))
        == "RuntimeError: shape '[3, 5]' is invalid for input of size 8"
    )
    assert failures.format_compiler_error(RuntimeError(COMPILER)) == "Arguments for call are not valid. (model.py:7)"
    assert failures.format_error(KeyError("features")) == "KeyError: 'features'"
    assert failures.format_error(ValueError()) == "ValueError"
    assert len(failures.format_error(ValueError("x" * 5000))) < 400


def test_only_the_users_frames_are_shown(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text("import json\ndef build():\n    return json.loads('{')\n")
    code = compile((tmp_path / "net.py").read_text(), tmp_path / "net.py", "exec")
    space: dict[str, Any] = {}
    exec(code, space)  # noqa: S102 - stands for the user's file
    with pytest.raises(messages.Problem) as raised, failures.user_code("building Net"):
        space["build"]()
    assert raised.value.kind == "model_raised"
    assert "net.py" in raised.value.traceback
    assert "json" + os.sep not in raised.value.traceback.replace("json.loads", "")


def test_leaving_the_program_is_an_error() -> None:
    with pytest.raises(messages.Problem, match="raised SystemExit: 3"), failures.user_code("importing net.py"):
        sys.exit(3)


def test_interrupts_pass() -> None:
    with pytest.raises(KeyboardInterrupt), failures.user_code("importing net.py"):
        raise KeyboardInterrupt


def test_whose_file() -> None:
    assert origin.is_users(__file__)
    assert not origin.is_users(os.__file__)
    assert not origin.is_users(numpy.__file__)
    assert not origin.is_users("<string>")


def test_request(tmp_path: Path) -> None:
    shape = '["N", 3, "L"], "sizes": {"L": 7}'
    source = '{"kind": "torchvision", "name": "resnet18"}'
    (tmp_path / "request.json").write_text(
        f'{{"format": 2, "source": {source}, "label": "resnet18", "output": "{tmp_path.as_posix()}", '
        f'"inputs": [{{"name": "x", "dtype": null, "shape": {shape}}}]}}'
    )
    request = reading.value_of(messages.ExportRequest, reading.read(tmp_path / "request.json"))
    assert request.inputs[0].shape == ("N", 3, "L")
    assert request.inputs[0].sizes == {"L": 7}
    assert (request.method, request.weights, request.seed) == ("auto", "none", 0)


def test_response_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    response = tmp_path / "response.json"
    response.write_text("old")
    reading.write(response, {"ok": True})
    assert response.read_text() == '{"ok": true}'
    with pytest.raises(ValueError, match="JSON compliant"):
        reading.write(response, {"ok": float("nan")})
    assert response.read_text() == '{"ok": true}'
    assert list(tmp_path.iterdir()) == [response]


def test_the_door_imports_no_torch() -> None:
    code = "import sys, tsgen.worker.run; sys.exit('torch' in sys.modules)"
    source_root = str(Path(messages.__file__).parents[3])
    environment = {**os.environ, "PYTHONPATH": source_root}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


SOURCE = """def forward(x, limit):
    if x > limit and (
        x < LARGE
    ):
        return 1
    try:
        y = inverse(x)
    except ValueError:
        y = 0
    try:
        z = inverse(x)
    except ValueError as error:
        raise TypeError from error
    return y
"""


def test_a_statements_header_has_not_its_block(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(SOURCE)
    file = str(tmp_path / "net.py")
    assert [statements.header(file, line) for line in (2, 3, 5, 7, 99)] == [(2, 4), (2, 4), (5, 5), (7, 7), (99, 99)]


def test_only_what_is_caught_and_goes_on_is_guarded(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(SOURCE)
    guarded = [line for line in range(1, 15) if statements.is_guarded(str(tmp_path / "net.py"), line)]
    assert guarded == [7]


def test_the_numbers_of_a_comparison_are_read_while_it_runs(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(SOURCE)
    file = str(tmp_path / "net.py")
    seen: list[tuple[int, ...]] = []

    class Size(int):
        def __gt__(self, other: int) -> bool:
            seen.append(statements.numbers_compared(file, 2))
            return super().__gt__(other)

    space: dict[str, Any] = {"LARGE": 900, "inverse": int}
    exec(compile(SOURCE, file, "exec"), space)  # noqa: S102 - stands for the user's file
    assert space["forward"](Size(50), 40) == 1
    assert seen == [(40, 900)]
    assert statements.numbers_compared(file, 2) == ()


CRASH = """Fatal Python error: Segmentation fault

Current thread 0x00007f (most recent call first):
  File "/usr/lib/python3.12/ctypes/__init__.py", line 519 in string_at
  File "/home/me/bad.py", line 31 in forward
  File "/venv/lib/python3.12/site-packages/torch/nn/modules/module.py", line 1784 in _call_impl

Extension modules: numpy, torch._C (total: 20)
"""


def test_a_crash_names_the_models_line() -> None:
    died = importlib.import_module("tsgen.model.export")._died
    error = died(process.Finished(status=-11, stdout="", stderr=CRASH))
    assert "was killed by signal 11 in forward (bad.py:31)" in error.message
    assert "bad.py" in error.details
    assert "site-packages" not in error.details
    assert "shown above" in (error.hint or "")
    silent = died(process.Finished(status=1, stdout="", stderr=""))
    assert "shown above" not in (silent.hint or "")
