"""`nox -s lint unit` and so on; `nox --list` says what there is. Each session is also what CI runs.

Small sessions get a virtual environment of their own. `e2e`, `fuzz`, `gpu`, `zoo`, `bench` and `demo` need torch,
several gigabytes: they take the one of the environment that nox runs in. `--no-venv` runs any session there, as it is.
"""

from __future__ import annotations

import re
import shutil
import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path

import nox
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent
README = ROOT / "README.md"

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "venv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["lint", "unit", "docs"]


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and types."""
    _install(session, "lint", "test")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")


@nox.session
def unit(session: nox.Session) -> None:
    """Run the tests that need no compiler and no torch."""
    _install(session, "test")
    session.run("pytest", "tests/unit", *session.posargs)


@nox.session
def integration(session: nox.Session) -> None:
    """Run the tests that build C++ against a stand-in for LibTorch."""
    _install(session, "test")
    session.run("pytest", "tests/integration", *session.posargs)


@nox.session(venv_backend="none")
def fuzz(session: nox.Session) -> None:
    """Mutate real files, `-- --mutations 2000 --seed 1`; `-- readers SECONDS`: the library's readers, by libFuzzer."""
    readers = session.posargs[:1] == ["readers"]
    module, words = ("tests.cpp.fuzzing", session.posargs[1:]) if readers else ("tests.fuzz", session.posargs)
    session.run(sys.executable, "-m", module, *words)


@nox.session(venv_backend="none")
def gpu(session: nox.Session) -> None:
    """Prove five models on the CPU and on this machine's GPU, with the torch of this environment; `-- --wheels DIR`."""
    place = ROOT / "build/gpu"
    words = (*session.posargs, "--place", str(place))
    session.run(sys.executable, "-m", "tests.gpu", *words, success_codes=[0, 77])
    said = (place / "verdict.txt").read_text(encoding="utf-8").strip()
    if said.startswith("not exercised"):
        session.skip(said)


@nox.session(venv_backend="none")
def e2e(session: nox.Session) -> None:
    """Run the tests that export, build and prove real models, with the torch of this environment."""
    session.run(sys.executable, "-m", "pytest", "tests/e2e", *session.posargs)


@nox.session(venv_backend="none")
def zoo(session: nox.Session) -> None:
    """Run the zoo of models, with the torch of this environment; `-- PATTERN` for a part, `-- --write` for its page."""
    session.run(sys.executable, "-m", "tests.zoo", *session.posargs)


@nox.session(venv_backend="none")
def bench(session: nox.Session) -> None:
    """Measure tsgen against PyTorch's tutorial done by hand, with this environment's torch; `-- --quick` to try it."""
    session.run(sys.executable, "-m", "benchmarks.run", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site into docs/_build; a warning is an error."""
    _install(session, "docs")
    session.run("python", "-m", "sphinx", "-W", "--keep-going", "-E", "-q", "docs", "docs/_build/html")


@nox.session
def gen(session: nox.Session) -> None:
    """Write every generated file that is committed; with `-- --check` only say which are stale."""
    _install(session, "test")
    session.run("python", "docs/generate.py", *session.posargs)


@nox.session(venv_backend="none")
def demo(session: nox.Session) -> None:
    """Run README's first command on a copy of the checkout, with a lent torch; `-- --download` installs torch too."""
    place = Path(session.create_tmp()) / "clone"
    shutil.rmtree(place, ignore_errors=True)
    _copy_checkout(session, place)
    if "--download" not in session.posargs:
        _lend_torch(session, place / ".venv")
    with session.chdir(place):
        session.run("bash", "-c", _first_command(), external=True)
        session.run("myapp/build/release/myapp-runner", "--verify", external=True)


def _install(session: nox.Session, *extras: str) -> None:
    """With --no-venv what is there must do: nox shall not change an environment it did not make."""
    if session.virtualenv.venv_backend != "none":
        session.install("-e", f".[{','.join(extras)}]")


def _first_command() -> str:
    """The line that README tells to paste."""
    match = re.search(r"^python3 -m venv \.venv .*$", README.read_text(encoding="utf-8"), re.MULTILINE)
    if not match:
        raise RuntimeError(f"{README} has no line that begins with `python3 -m venv .venv`")
    return match[0]


def _copy_checkout(session: nox.Session, place: Path) -> None:
    """Every file that git knows or would add, as it is in the work tree now."""
    listed = session.run("git", "ls-files", "-co", "-z", "--exclude-standard", external=True, silent=True) or ""
    for name in filter(lambda name: (ROOT / name).is_file(), str(listed).split("\0")):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place / name)


def _lend_torch(session: nox.Session, environment: Path) -> None:
    """Make the environment that README's command will find, with this one's torch on its path.

    By links in a folder of their own, which pip reads but never writes to: whatever it installs goes to `environment`.
    """
    session.run(sys.executable, "-m", "venv", str(environment))
    lent = environment.absolute() / "lent"
    lent.mkdir()
    for found in _needed_by(["torch", "torchvision"]):
        for top in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            if not (lent / top).exists():
                (lent / top).symlink_to(str(found.locate_file(top)))
    (packages,) = environment.glob("lib/python3.*/site-packages")
    (packages / "lent.pth").write_text(f"{lent}\n", encoding="utf-8")


def _needed_by(words: list[str]) -> list[Distribution]:
    """The installed distributions that these requirements name, and all they depend on."""
    found: dict[str, Distribution] = {}
    todo = [(Requirement(word), "") for word in words]
    seen: set[tuple[str, str]] = set()
    while todo:
        need, extra = todo.pop()
        name = canonicalize_name(need.name)
        if (name, extra) not in seen:
            seen.add((name, extra))
            found[name] = distribution(name)
            wanted = [Requirement(text) for text in found[name].requires or ()]
            wanted = [more for more in wanted if not more.marker or more.marker.evaluate({"extra": extra})]
            todo += [(more, asked) for more in wanted for asked in ("", *more.extras)]
    return list(found.values())
