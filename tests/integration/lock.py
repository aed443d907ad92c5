"""A tsgen.lock as `tsgen build` writes it, and the server that its archives lie on."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import http.server
import platform
import threading
import zipfile
from typing import TYPE_CHECKING, Any

from tsgen.project import lock
from tsgen.types import Pin, Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OFFICIAL = "https://download.pytorch.org"
HERE = f"linux-{platform.machine()}"


class Server(http.server.ThreadingHTTPServer):
    """Serves a folder and remembers what was asked for."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(http.server.SimpleHTTPRequestHandler):
    server: Server

    def log_message(self, *_: Any) -> None:
        self.server.asked.append(self.path)


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def pack(root: Path, archive: Path, *, top: str = "libtorch/") -> str:
    """Zip a LibTorch as PyTorch does; returns the sha256."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            file.write(path, f"{top}{path.relative_to(root).as_posix()}")
    return hashlib.sha256(archive.read_bytes()).hexdigest()


def pin(sources: tuple[Source, ...], *, version: str = "2.13.0+cpu", origin: str = "archive", **other: Any) -> Pin:
    values: dict[str, Any] = {
        "platform": HERE,
        "build_type": "release",
        "accelerator": "cpu",
        "cxx11_abi": True,
    } | other
    return Pin(version=version, origin=origin, sources=sources, **values)


def archived(sha256: str, name: str = "libtorch-shared-with-deps-2.13.0+cpu.zip") -> tuple[Source, ...]:
    url = f"{OFFICIAL}/libtorch/cpu/{name.replace('+', '%2B')}"
    return (Source(file=name, sha256=sha256, url=url),)


def write(project: Path, *pins: Pin) -> None:
    lock.write(project, {"sha256": "0" * 64, "torch_version": "2.13.0"}, pins)
