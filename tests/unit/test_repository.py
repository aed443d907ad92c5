"""The repository works wherever it is cloned: nothing in it names a machine."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A folder of somebody's own, as far as it can be told without knowing them.
PERSONAL = re.compile(
    r"(?<![\w.~$}>\])/-])(?:/(?:home|Users|work|workspace|mnt)/(?!me\b|you\b)[\w.-]+|/root/[\w.-]+|[A-Z]:[\\/]Users[\\/]\w+)"
)
# An index or a mirror inside some network: an address, a name without a public ending, or a repository manager.
PRIVATE_HOST = re.compile(
    r"https?://(?:[^/\s\"'@]*@)?(?:\d{1,3}(?:\.\d{1,3}){3}|[\w-]+(?=[:/])|[\w.-]*\.(?:internal|local|lan|corp|intra)\b"
    r"|[\w.-]*(?:artifactory|nexus|devpi|proxy|mirror)[\w.-]*)"
)
HARMLESS = {"http://localhost", "http://127.0.0.1"}
INDEX_VARIABLES = (
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "UV_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "GOPROXY",
    "NPM_CONFIG_REGISTRY",
)
PUBLIC = ("pypi.org", "proxy.golang.org", "registry.npmjs.org", "download.pytorch.org")


def tracked() -> list[str]:
    """What git has or would take; without git (an unpacked sdist) everything."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if done.returncode == 0 and done.stdout:
        return sorted({name for name in done.stdout.split("\0") if name})
    return sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file())


def texts() -> dict[str, str]:
    paths = {name: ROOT / name for name in tracked()}
    contents = {name: path.read_bytes() for name, path in paths.items() if path.is_file()}
    return {name: content.decode(errors="replace") for name, content in contents.items() if b"\0" not in content}


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    found = texts()
    assert "pyproject.toml" in found
    return found


def lines_with(files: dict[str, str], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {match[0]}"
        for name, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        for match in pattern.finditer(line)
        if match[0] not in HARMLESS
    ]


def test_no_file_names_a_folder_of_a_person(files: dict[str, str]) -> None:
    assert lines_with(files, PERSONAL) == []


def test_no_file_names_this_clone(files: dict[str, str]) -> None:
    assert lines_with(files, re.compile(re.escape(str(ROOT)))) == []


def test_no_file_names_a_private_host(files: dict[str, str]) -> None:
    assert lines_with(files, PRIVATE_HOST) == []


def test_no_file_names_the_index_of_this_machine(files: dict[str, str]) -> None:
    words = " ".join(os.environ.get(name, "") for name in INDEX_VARIABLES)
    hosts = set(re.findall(r"https?://(?:[^/\s@]*@)?([\w.-]+)", words)) - set(PUBLIC)
    for host in hosts:
        assert lines_with(files, re.compile(re.escape(host))) == []


# The samples are written with | for / and :, since this file is one of those that are looked at.
@pytest.mark.parametrize(
    ("text", "personal"),
    [
        ("cd |home|ann|x", True),
        ("root = '|Users|ann'", True),
        ("C|\\Users\\ann", True),
        ("|root|x", True),
        ("~|home|x", False),
        ("$ORIGIN|root|x", False),
        ("a|home|b", False),
        ("|home|me|x", False),
        ("|opt|libtorch", False),
    ],
)
def test_a_folder_of_a_person_is_recognised(text: str, *, personal: bool) -> None:
    assert bool(PERSONAL.search(text.replace("C|", "C:").replace("|", "/"))) is personal


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("10.0.0.1", True),
        ("user:secret@index", True),
        ("index:8080", True),
        ("pypi.corp", True),
        ("nexus.example.org", True),
        ("pypi.org", False),
        ("download.pytorch.org", False),
        ("github.com", False),
    ],
)
def test_a_private_host_is_recognised(host: str, *, private: bool) -> None:
    assert bool(PRIVATE_HOST.search(f"https://{host}/simple")) is private


def test_no_file_of_ours_is_too_long(files: dict[str, str]) -> None:
    """One concern each; a reader finds a thing by the name of its file."""
    ours = (".py", ".cpp", ".hpp", ".cmake", ".j2")
    assert {
        name: len(text.splitlines())
        for name, text in files.items()
        if name.endswith(ours) and len(text.splitlines()) > 300
    } == {}
