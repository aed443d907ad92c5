"""Which Python has the model's torch."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tsgen.errors import ConfigError
from tsgen.system import process
from tsgen.toolchain import interpreter

from .make import torch_folder

if TYPE_CHECKING:
    from .conftest import Script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are sh scripts")


class Machine:
    """A PATH and a folder of Pythons of our own; the one that runs tsgen seems to have no torch."""

    def __init__(self, root: Path, shell: Script) -> None:
        self.root, self._shell = root, shell

    def python(self, place: str, *, version: str | None = None) -> Path:
        """A Python whose site-packages has a torch of that version, or none."""
        site = self.root / "site" / place
        site.mkdir(parents=True)
        if version:
            torch_folder(site / "torch", version)
            (site / "torch" / "__init__.py").write_text("raise SystemExit('imported')", encoding="utf-8")
        # -S: neither this environment's packages nor their torch.
        return self._shell(self.root / place, f'PYTHONPATH="{site}" exec "{sys.executable}" -S "$@"')


@pytest.fixture
def machine(tmp_path: Path, shell: Script, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(tmp_path, shell)
    real = sys.executable
    bare = shell(tmp_path / "own" / "python", f'exec "{real}" -S "$@"')
    for name in ("sh", "env"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or name)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setattr(sys, "executable", str(bare))
    return machine


def test_the_torch_of_a_python_is_found_without_importing_it(machine: Machine) -> None:
    python = machine.python("a/python", version="2.14.1+cu130")
    found = interpreter.find(str(python))
    assert found.executable == python
    assert found.version == ".".join(map(str, sys.version_info[:3]))
    assert found.torch == machine.root / "site" / "a/python" / "torch"
    assert found.torch_version == "2.14.1+cu130"


def test_a_named_python_is_taken_even_without_torch(machine: Machine) -> None:
    machine.python("bin/python3", version="2.0.0")
    bare = machine.python("bare/python")
    found = interpreter.find(str(bare))
    assert (found.executable, found.torch, found.torch_version) == (bare, None, None)


def test_a_name_is_looked_for_on_the_path(machine: Machine) -> None:
    python = machine.python("bin/python3.99", version="2.1.0")
    assert interpreter.find("python3.99").executable == python


def test_the_likely_ones_are_asked_in_order(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    last = machine.python("last/bin/python", version="1.0")
    active = machine.python("venv/bin/python", version="2.0")
    own = machine.python("tsgen/bin/python", version="3.0")
    system = machine.python("bin/python3", version="4.0")
    monkeypatch.setenv("VIRTUAL_ENV", str(machine.root / "venv"))
    monkeypatch.setattr(sys, "executable", str(own))
    found = []
    for python in (last, active, own, system):
        found.append(interpreter.find(None, remembered=str(last)).torch_version)
        python.unlink()
    assert found == ["1.0", "2.0", "3.0", "4.0"]


def test_one_without_torch_is_passed_over(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.python("venv/bin/python")
    monkeypatch.setenv("VIRTUAL_ENV", str(machine.root / "venv"))
    system = machine.python("bin/python3", version="2.5.1")
    assert interpreter.find(None).executable == system


def test_without_any_torch_it_is_the_one_that_runs_tsgen(machine: Machine) -> None:
    machine.python("bin/python3")
    found = interpreter.find(None)
    assert (found.executable, found.torch) == (machine.root / "own" / "python", None)


@pytest.mark.parametrize("name", ["no-such-python", "/no/such/python"])
def test_a_named_one_that_is_missing_is_refused(machine: Machine, name: str) -> None:
    machine.python("bin/python3", version="2.5.1")
    with pytest.raises(ConfigError) as caught:
        interpreter.find(name)
    assert caught.value.message == f"--python: `{name}` does not exist"
    assert "has torch" in caught.value.hint


@pytest.mark.parametrize("body", ["echo hello", "exit 3", "echo '[1'", "echo '{}'", "echo 3", "echo '[1, 2, 3]'"])
def test_a_named_program_that_is_no_python_is_refused(machine: Machine, shell: Script, body: str) -> None:
    program = shell(machine.root / "program", body)
    with pytest.raises(ConfigError) as caught:
        interpreter.find(str(program))
    assert caught.value.message == f"--python: `{program}` is not a Python interpreter"


def test_a_python_that_prints_at_its_start_is_still_one(machine: Machine, shell: Script) -> None:
    """A sitecustomize of a company, a conda activation: their words come before the answer."""
    python = machine.python("a/python", version="2.5.1")
    chatty = shell(machine.root / "chatty", f'echo "welcome"; exec "{python}" "$@"')
    assert interpreter.find(str(chatty)).torch_version == "2.5.1"


def test_a_stray_folder_called_torch_is_not_torch(machine: Machine) -> None:
    python = machine.python("a/python")
    (machine.root / "site" / "a/python" / "torch").mkdir()
    assert interpreter.find(str(python)).torch is None


def test_a_folder_called_torch_where_the_user_stands_is_not_torch(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = machine.python("a/python")
    torch_folder(machine.root / "here" / "torch").joinpath("__init__.py").touch()
    monkeypatch.chdir(machine.root / "here")
    assert interpreter.find(str(python)).torch is None


def test_the_links_of_a_virtual_environment_are_kept(machine: Machine) -> None:
    python = machine.python("a/python", version="2.5.1")
    link = machine.root / "venv" / "python"
    link.parent.mkdir()
    link.symlink_to(python)
    assert interpreter.find(str(link)).executable == link


def test_a_relative_one_becomes_absolute(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    python = machine.python("a/python", version="2.5.1")
    monkeypatch.chdir(machine.root)
    assert interpreter.find(f"a{os.sep}python").executable == python
    assert interpreter.find(str(Path("a/../a/python"))).torch_version == "2.5.1"


class TestWithoutStartingIt:
    """Where its packages lie tells."""

    @pytest.fixture(autouse=True)
    def started(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """What is asked by starting it; it answers that it has no torch."""
        asked: list[str] = []

        def run(command: list[object], **_: object) -> process.Finished:
            asked.append(str(command[0]))
            return process.Finished(status=0, stdout='["3.9.9", []]', stderr="")

        monkeypatch.setattr(process, "run", run)
        monkeypatch.delenv("PYTHONPATH", raising=False)
        return asked

    @staticmethod
    def environment(root: Path, word: str = "version = 3.11.2", *, version: str | None = "2.14.1+cpu") -> Path:
        """A virtual environment, whose python need not run."""
        (root / "bin").mkdir(parents=True)
        (root / "pyvenv.cfg").write_text(f"home = /usr/bin\n{word}\n", encoding="utf-8")
        site = root / "lib/python3.11/site-packages"
        site.mkdir(parents=True)
        if version:
            (torch_folder(site / "torch", version) / "__init__.py").touch()
        python = root / "bin/python"
        python.touch(0o755)
        return python

    @pytest.mark.parametrize("word", ["version = 3.11.2", "version_info = 3.11.2.final.0", "version_info=3.11.2"])
    def test_a_virtual_environment(self, tmp_path: Path, started: list[str], word: str) -> None:
        python = self.environment(tmp_path, word)
        found = interpreter.find(str(python))
        assert found.executable == python
        assert found.torch == tmp_path / "lib/python3.11/site-packages/torch"
        assert (found.version, found.torch_version) == ("3.11.2", "2.14.1+cpu")
        assert started == []

    def test_another_torch_in_its_place_is_seen_at_once(self, tmp_path: Path) -> None:
        python = self.environment(tmp_path)
        interpreter.find(str(python))
        (tmp_path / "lib/python3.11/site-packages/torch/version.py").write_text("__version__ = '2.15.0'\n")
        assert interpreter.find(str(python)).torch_version == "2.15.0"

    def test_the_python_that_runs_tsgen(
        self, tmp_path: Path, started: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Without a virtual environment, as in a container; the folder where the user stands is not looked into."""
        site, here = tmp_path / "lib/site", tmp_path / "here"
        for folder, version in ((site, "2.14.1"), (here, "1.0")):
            folder.mkdir(parents=True)
            (torch_folder(folder / "torch", version) / "__init__.py").touch()
        monkeypatch.setattr(sys, "executable", str(tmp_path / "bin/python3"))
        monkeypatch.setattr(sys, "path", ["", str(here), str(site)])
        for name in ("prefix", "base_prefix"):
            monkeypatch.setattr(sys, name, str(tmp_path))
        monkeypatch.setattr("site.getsitepackages", lambda: [str(site)])
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin/python3").touch()
        assert interpreter.find(None).torch == site / "torch"
        assert started == []

    def test_one_that_does_not_tell_is_started(
        self, tmp_path: Path, started: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        without, plain, tool = tmp_path / "without", tmp_path / "plain", tmp_path / "tool"
        asked = [str(self.environment(without, version=None)), str(self.environment(plain)), str(tool / "bin/pip")]
        (plain / "pyvenv.cfg").unlink()
        self.environment(tool).rename(tool / "bin/pip")
        for python in asked:
            assert interpreter.find(python).torch is None
        assert started == asked
        # Its Python would take the other one.
        other = tmp_path / "other"
        torch_folder(other / "torch", "1.0")
        monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{other}")
        last = str(self.environment(tmp_path / "last"))
        assert interpreter.find(last).torch is None
        monkeypatch.delenv("PYTHONPATH")
        monkeypatch.setenv("PYTHONHOME", str(tmp_path))
        assert interpreter.find(last).torch is None
        assert started == [*asked, last, last]
