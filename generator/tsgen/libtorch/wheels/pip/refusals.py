"""What pip's failures mean, in the user's terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from tsgen.errors import LibTorchError, ToolMissingError, TsgenError, UnsafeError
from tsgen.system.disk import DiskError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tsgen.libtorch.wheels.pip.query import Query

_CONSTRAINT = re.compile(r"The user requested \(constraint\) (.+)")
_UNREACHED = re.compile(
    r"Could not fetch URL (\S+): (?:connection error: |There was a problem confirming the ssl certificate: )?"
    r"(?!4\d\d )(.+?) - skipping"
)
_REFUSED = re.compile(r"Could not fetch URL \S+: 4\d\d .+? - skipping")
_BROKEN = re.compile(r"(?:connection broken by|HTTPSConnectionPool|Connection to \S+ timed out|ReadTimeoutError)(.*)")
_HASHES = re.compile(r"Expected sha256 (\w+)[\s\S]+?Got\s+(\w+)")
_VERSIONS = re.compile(r"\(from versions: (.+?)\)")
_SKIPPED = re.compile(r"Skipping link: none of the wheel's tags .*?([^/\s]+\.whl)")
_INNERMOST = re.compile(r"Failed to resolve '[^']+'|\[Errno [^\]]+\] [^\"')]+|timed out")
_SHOWN_VERSIONS, _SHOWN_LINES = 8, 6
_OWN_INDEX = (
    "PyTorch publishes this wheel on its own index only; reach that through a proxy (HTTPS_PROXY), or have pip search "
    "a mirror of it (PIP_EXTRA_INDEX_URL)"
)
_CONFIGURED_INDEX = (
    "check the network and what pip is told (`pip config list`: index-url, proxy, cert); --offline takes what is in "
    "the store"
)


class PipError(LibTorchError):
    """pip has no wheel for us."""


class NoSuchWheelError(PipError):
    """The indexes that answered do not have it for this Python; `pythons` are those for which they do: `3.11`."""

    def __init__(self, message: str, *, hint: str = "", details: str = "", pythons: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint=hint, details=details)
        self.pythons = pythons


class UnreachableError(PipError):
    """An index did not answer."""


def refusal(stdout: str, stderr: str, query: Query) -> TsgenError:
    """Reasons are on pip's stdout, errors on its stderr."""
    output = stdout + stderr
    if "No module named pip" in output:
        return ToolMissingError("this Python has no pip, which fetches wheels", hint="python -m ensurepip")
    if "DO NOT MATCH THE HASHES" in output:
        return _other_file(output, query)
    if "[Errno 28]" in output:
        return DiskError(f"the disk is full: pip could not save {query.text}", hint="free some space")
    return _without_wheel(output, query) or PipError(
        f"pip could not fetch {query.text}", details="\n".join(stderr.strip().splitlines()[-_SHOWN_LINES:])
    )


def _without_wheel(output: str, query: Query) -> PipError | None:
    if constraint := _forbidding(output, query.requirements):
        return _forbidden(constraint, query)
    if unreached := _unreached(output):
        return _unreachable(unreached, query)
    if "No matching distribution" in output or "ResolutionImpossible" in output:
        return _no_such(output, query)
    return None


def _other_file(output: str, query: Query) -> UnsafeError:
    match = _HASHES.search(output)
    got = f": expected sha256 {match[1]}, got {match[2]}" if match else ""
    return UnsafeError(
        f"the wheel that pip gets for {query.text} is not the file it should be{got}",
        hint="an index's files never change under their name, so somebody put another one in its place: on a mirror, "
        "on the way, or in a folder that pip searches (`pip config list`); find out before you trust it",
    )


def _forbidding(output: str, requirements: Sequence[str]) -> str | None:
    """The constraint that rules out what was asked for; pip names every constraint, at fault or not."""
    asked = {canonicalize_name(parsed.name): parsed for parsed in map(Requirement, requirements)}
    for constraint in filter(None, map(_requirement, _CONSTRAINT.findall(output))):
        wanted = asked.get(canonicalize_name(constraint.name))
        versions = [spec.version for spec in wanted.specifier if spec.operator in {"==", "==="}] if wanted else []
        exact = [version for version in versions if not version.endswith("*")]
        if not all(constraint.specifier.contains(version, prereleases=True) for version in exact):
            return str(constraint)
    return None


def _requirement(text: str) -> Requirement | None:
    try:
        return Requirement(text.strip())
    except InvalidRequirement:
        return None


def _forbidden(constraint: str, query: Query) -> PipError:
    return PipError(
        f"pip's own configuration forbids {query.text}: a constraint says {constraint}",
        hint="`pip config list` shows where it is written; set PIP_CONSTRAINT to an empty file to lift it for one run",
    )


def _unreached(output: str) -> dict[str, str]:
    """The reason for each host that did not answer, in the system's own words."""
    found = {urlsplit(url).hostname or url: _innermost(reason) for url, reason in _UNREACHED.findall(output)}
    if not found and (broken := _BROKEN.search(output)):
        return {"the index": _innermost(broken[0])}
    return found


def _innermost(reason: str) -> str:
    """The innermost words of a library that wraps another's."""
    short = _INNERMOST.search(reason)
    return short[0] if short else reason


def _unreachable(unreached: dict[str, str], query: Query) -> UnreachableError:
    reasons = "; ".join(f"{host}: {reason}" for host, reason in unreached.items())
    hint = _OWN_INDEX if query.index else _CONFIGURED_INDEX
    return UnreachableError(f"pip cannot ask for {query.text}: {reasons}", hint=hint)


def _no_such(output: str, query: Query) -> NoSuchWheelError:
    where = urlsplit(query.index).hostname if query.index else "the index that pip asks"
    found = _VERSIONS.search(output)
    known = found[1].split(", ")[-_SHOWN_VERSIONS:] if found and found[1] != "none" else []
    return NoSuchWheelError(
        f"{where} has no wheel of {query.text} for {query.platforms[0]}",
        hint=f"it has {', '.join(known)}" if known else "",
        details="\n".join(dict.fromkeys(_REFUSED.findall(output))),
        pythons=tuple(_pythons(output, query)),
    )


def _pythons(output: str, query: Query) -> Iterator[str]:
    """Newest first: pip tells with -vv which files it passed by because of their tags."""
    asked = Requirement(query.requirements[0])
    found: set[int] = set()
    for file in _SKIPPED.findall(output):
        try:
            name, version, _, tags = parse_wheel_filename(unquote(file))
        except InvalidWheelFilename:
            continue
        if name == canonicalize_name(asked.name) and asked.specifier.contains(version, prereleases=True):
            # Without free-threaded ones, whose ABI is not the interpreter's name.
            fitting = (tag for tag in tags if tag.platform in query.platforms and tag.interpreter == tag.abi)
            found |= {int(tag.interpreter[3:]) for tag in fitting if re.fullmatch(r"cp3\d+", tag.interpreter)}
    return (f"3.{minor}" for minor in sorted(found, reverse=True))
