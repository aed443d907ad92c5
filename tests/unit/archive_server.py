"""A real HTTP server on this machine that serves files as the CDN does, and misbehaves when told to."""

from __future__ import annotations

import random
import re
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import md5, sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from tsgen.errors import LibTorchError
from tsgen.system import fetch
from tsgen.system.fetch import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NAME = "libtorch-shared-with-deps-2.14.1%2Bcpu.zip"
CONTENT = random.Random(1).randbytes(50_000)  # noqa: S311 - any bytes will do
OTHER = random.Random(2).randbytes(50_000)  # noqa: S311
QUICK = Patience(connect_seconds=2, stall_seconds=0.2, attempts=3, pause_seconds=0.01, chunk=1000)
S3_DENIES = b'<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'


@dataclass(frozen=True, kw_only=True)
class Request:
    path: str
    """As it was sent, still escaped."""
    headers: dict[str, str]
    """With names in lower case."""


@dataclass
class Server:
    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    """By escaped path."""
    misdeeds: list[Misdeed] = field(default_factory=list)
    """Each is done for one request, in this order; after them the server behaves."""
    always: Misdeed | None = None
    """Done for every request that is left."""
    requests: list[Request] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    """Ends what stalls."""

    def serve(self, name: str, content: bytes) -> str:
        """Returns the URL of the file."""
        self.files[f"/{name}"] = content
        return f"{self.url}/{name}"

    @property
    def ranges(self) -> list[str]:
        """The Range of each request, empty where there was none."""
        return [request.headers.get("range", "") for request in self.requests]


class Handler(BaseHTTPRequestHandler):
    """A new connection for each request, as HTTP/1.0 has it: closing it early is what a broken line looks like."""

    server_of: Server
    hidden: frozenset[str] = frozenset()
    """Headers that are not sent."""

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server_of.requests.append(Request(path=self.path, headers=headers))
        misdeeds = self.server_of.misdeeds
        misdeed = misdeeds.pop(0) if misdeeds else self.server_of.always
        (misdeed or behave)(self)

    def answer(self, status: int, body: bytes, **headers: Any) -> None:
        """Headers that are None are left out."""
        self.send_response(status)
        for name, value in {"Content_Length": len(body), **headers}.items():
            if value is not None:
                self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)

    def send_header(self, keyword: str, value: str) -> None:
        if keyword not in self.hidden:
            super().send_header(keyword, value)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


Misdeed: TypeAlias = "Callable[[Handler], None]"


def tag(content: bytes) -> str:
    return f'"{md5(content, usedforsecurity=False).hexdigest()}"'


def behave(handler: Handler) -> None:
    """As S3 does: ranges are heeded while If-Range names the file, and what is not there is forbidden."""
    content = handler.server_of.files.get(handler.path)
    if content is None:
        return handler.answer(403, S3_DENIES)
    given = handler.headers.get("If-Range")
    start = _start(handler) if given in {None, tag(content)} else 0
    if start >= len(content) > 0:
        return handler.answer(416, b"", Content_Range=f"bytes */{len(content)}")
    return _send(handler, content, start)


def _start(handler: Handler) -> int:
    match = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
    return int(match[1]) if match else 0


def _send(handler: Handler, content: bytes, start: int, body: bytes | None = None) -> None:
    """`body` is what really comes of the content that is promised."""
    rest = content[start:] if body is None else body
    headers = {"Content_Length": len(content) - start, "ETag": tag(content)}
    if start:
        span = f"bytes {start}-{len(content) - 1}/{len(content)}"
        return handler.answer(206, rest, Content_Range=span, **headers)
    return handler.answer(200, rest, **headers)


def status(code: int, body: bytes = b"", **headers: Any) -> Misdeed:
    return lambda handler: handler.answer(code, body, **headers)


def cut_after(count: int) -> Misdeed:
    """Promise all that was asked for, and close the connection after `count` bytes of it."""

    def misdeed(handler: Handler) -> None:
        content, start = handler.server_of.files[handler.path], _start(handler)
        _send(handler, content, start, content[start : start + count])

    return misdeed


def stall_after(count: int) -> Misdeed:
    """Keep the connection open after `count` bytes, and send no more."""

    def misdeed(handler: Handler) -> None:
        cut_after(count)(handler)
        handler.wfile.flush()
        handler.server_of.released.wait(10)

    return misdeed


def silent(handler: Handler) -> None:
    """Take the question, and never answer."""
    handler.server_of.released.wait(10)


def trickle(piece: int, seconds: float) -> Misdeed:
    def misdeed(handler: Handler) -> None:
        content, start = handler.server_of.files[handler.path], _start(handler)
        _send(handler, content, start, b"")
        for begin in range(start, len(content), piece):
            handler.wfile.write(content[begin : begin + piece])
            handler.wfile.flush()
            time.sleep(seconds)

    return misdeed


def ignore_range(handler: Handler) -> None:
    _send(handler, handler.server_of.files[handler.path], 0)


def ignore_if_range(handler: Handler) -> None:
    """Send the end of whatever is there now."""
    _send(handler, handler.server_of.files[handler.path], _start(handler))


def without_validators(misdeed_of: Misdeed = behave) -> Misdeed:
    """Neither ETag nor Last-Modified."""

    def misdeed(handler: Handler) -> None:
        handler.hidden = frozenset({"ETag", "Last-Modified"})
        misdeed_of(handler)

    return misdeed


@contextmanager
def archive_server() -> Iterator[Server]:
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    server = Server(url=f"http://127.0.0.1:{httpd.server_address[1]}")
    httpd.RequestHandlerClass = type("OwnHandler", (Handler,), {"server_of": server})
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        with pytest.MonkeyPatch.context() as patch:
            # Nobody's proxy knows this server.
            patch.setenv("NO_PROXY", "127.0.0.1")
            yield server
    finally:
        server.released.set()
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def unused_port() -> int:
    """One that nobody listens to."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


def hash_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def download(server: Server, target: Path, sha256: str | None = None) -> str:
    return fetch.download(f"{server.url}/{NAME}", target, sha256=sha256, patience=QUICK)


def refusal(server: Server, target: Path, sha256: str | None = None) -> LibTorchError:
    """Nothing that could be taken for the file is there after it."""
    with pytest.raises(LibTorchError) as caught:
        download(server, target, sha256)
    assert not target.exists()
    return caught.value
