"""What the unit tests share: a console that remembers, and small programs that stand in for real ones."""

from __future__ import annotations

import json
import shutil
import signal
import sys
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from tsgen import cli, console
from tsgen.libtorch.wheels import pip
from tsgen.render import templates

from . import archive_server, stores, wheel_world
from .wheel_index import Index

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tsgen.libtorch.store import Store


class Recorder(console.Silent):
    """Keeps what was said."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, str]] = []

    def begin(self, label: str) -> None:
        self.said.append(("begin", label))

    def progress(self, text: str) -> None:
        self.said.append(("progress", text))

    def end(self, label: str, summary: str, seconds: float) -> None:
        del seconds
        self.said.append(("end", f"{label}: {summary}"))

    def abandon(self) -> None:
        self.said.append(("abandon", ""))

    def line(self, text: str) -> None:
        self.said.append(("line", text))

    def note(self, text: str) -> None:
        self.said.append(("note", text))

    def command(self, text: str) -> None:
        self.said.append(("command", text))

    def detail(self, text: str) -> None:
        self.said.append(("detail", text))

    def track(self, label: str, text: str) -> None:
        self.said.append(("track", f"{label}: {text}"))

    def untrack(self, label: str) -> None:
        self.said.append(("untrack", label))

    def all(self, kind: str) -> list[str]:
        return [text for what, text in self.said if what == kind]


class Tsgen:
    """Runs the command line in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *words: str) -> int:
        with pytest.raises(SystemExit) as caught:
            cli.main(list(words))
        self.out, self.err = self._capsys.readouterr()
        return int(caught.value.code or 0)

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document that is all of stdout; NaN and Infinity are not JSON."""

        def refuse(word: str) -> None:
            raise AssertionError(word)

        document: dict[str, Any] = json.loads(self.out, parse_constant=refuse)
        return document


class Script(Protocol):
    def __call__(self, path: Path, body: str) -> Path: ...


@pytest.fixture(autouse=True)
def _own_console() -> Iterator[None]:
    """A test may install a console; the next one starts with the silent default."""
    token = console.current.set(console.Silent())
    yield
    console.current.reset(token)


@pytest.fixture
def recorder() -> Recorder:
    recorder = Recorder()
    console.current.set(recorder)
    return recorder


@pytest.fixture(scope="session")
def templates_of_few_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real templates without the C++ and the vendored library: all that a test of tsgen.toml needs."""
    real, few = templates.template_dir(), tmp_path_factory.mktemp("few") / "templates"
    project = "cpp/{{cookiecutter.project_slug}}"
    (few / project).mkdir(parents=True)
    shutil.copytree(real / "api", few / "api")
    for name in ("tsgen.toml", ".gitignore", ".gitattributes", "CMakeLists.txt", "CMakePresets.json"):
        shutil.copyfile(real / project / name, few / project / name)
    shutil.copyfile(real / "cpp/cookiecutter.json", few / "cpp/cookiecutter.json")
    return few


@pytest.fixture
def few_files(templates_of_few_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Projects are rendered from `templates_of_few_files`, ten times as fast."""
    monkeypatch.setattr(templates, "template_dir", lambda: templates_of_few_files)


@pytest.fixture
def shell() -> Script:
    """Makes an executable sh script."""

    def make(path: Path, body: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{dedent(body)}", encoding="utf-8")
        path.chmod(0o755)
        return path

    return make


@pytest.fixture
def python(shell: Script) -> Script:
    """Makes an executable whose body is Python."""

    def make(path: Path, body: str) -> Path:
        source = path.with_name(f"{path.name}-source.py")
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(dedent(body), encoding="utf-8")
        return shell(path, f'exec "{sys.executable}" -I "{source}" "$@"\n')

    return make


@pytest.fixture
def tsgen(capsys: pytest.CaptureFixture[str]) -> Iterator[Tsgen]:
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    handlers = {number: signal.getsignal(number) for number in numbers}
    yield Tsgen(capsys)
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def server() -> Iterator[archive_server.Server]:
    """Has one archive."""
    with archive_server.archive_server() as server:
        server.serve(archive_server.NAME, archive_server.CONTENT)
        yield server


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the archive is downloaded to."""
    return tmp_path / "downloads" / "libtorch.zip"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    return stores.quick_store(tmp_path, monkeypatch)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    """The index that pip asks, in a folder."""
    made = Index(tmp_path / "index")
    monkeypatch.setattr(pip, "report", made.report)
    monkeypatch.setattr(pip, "download", made.download)
    return made


@pytest.fixture
def make(tmp_path: Path) -> wheel_world.Maker:
    return wheel_world.Maker(tmp_path)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    return tmp_path / "scratch"


@pytest.fixture
def cuda_wheels(index: Index, scratch: Path) -> dict[str, Path]:
    return wheel_world.write_cuda_wheels(index, scratch)


@pytest.fixture
def cpu_wheel(index: Index, scratch: Path) -> Path:
    return wheel_world.write_cpu_wheel(index, scratch)
