"""One request for a file, or for the rest of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import requests

from tsgen import __version__
from tsgen.console.meter import Meter
from tsgen.errors import UnsafeError
from tsgen.system import disk
from tsgen.system.fetch.address import format_url
from tsgen.system.fetch.partial import Origin
from tsgen.system.fetch.refusals import InterruptedTransferError, interrupted, refused, unreachable

if TYPE_CHECKING:
    from tsgen.system.fetch import Patience
    from tsgen.system.fetch.partial import Partial

OK, PARTIAL_CONTENT, NOT_SATISFIABLE = 200, 206, 416
# Too slow, too many, or out of order: the only answers that another attempt can better.
PASSING = {408, 425, 429, 500, 502, 503, 504}
LASTING = (
    requests.exceptions.SSLError,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.TooManyRedirects,
)
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


class Session(requests.Session):
    """Says who is asking, and is never led from https down to http."""

    def __init__(self) -> None:
        super().__init__()
        # The CDN answers 403 to the agents of Python's own libraries (test-infra, validate_libtorch.py). Compressed on
        # the way, a file would have neither its length nor its ranges.
        self.headers.update({"User-Agent": f"tsgen/{__version__}", "Accept-Encoding": "identity", "Accept": "*/*"})

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        target: str | None = super().get_redirect_target(resp)
        if target and resp.url.startswith("https:") and target.lower().startswith("http:"):
            raise UnsafeError(
                f"{format_url(resp.url)} sends us on to {format_url(target)}, which is not encrypted",
                hint="somebody between you and the server may be doing this; try another network, or set TSGEN_MIRROR",
            )
        return target


def transfer(session: Session, url: str, partial: Partial, patience: Patience) -> None:
    """Ask once for what `partial` lacks of `url`; return when it is whole.

    Raises InterruptedTransferError when another attempt may help, LibTorchError when not.
    """
    known = partial.origin(url) if partial.length else None
    if known and known.size == partial.length:
        return
    with _ask(session, url, _wanted(partial, known), patience) as response:
        size = _accept(response, url, partial, known)
        if size is not None:
            disk.require(partial.path.parent, size - partial.length, f"the rest of {format_url(url)}")
        _receive(response, partial, Meter(size), patience.chunk)
    if size is not None and partial.length < size:
        raise InterruptedTransferError("the connection ended too early")


def _wanted(partial: Partial, known: Origin | None) -> dict[str, str]:
    """The headers of a request: with If-Range the server sends the rest of the same file, or all of another one."""
    return {"Range": f"bytes={partial.length}-", "If-Range": known.validator} if known else {}


def _ask(session: Session, url: str, headers: dict[str, str], patience: Patience) -> requests.Response:
    limits = (patience.connect_seconds, patience.stall_seconds)
    try:
        return session.get(url, headers=headers, stream=True, timeout=limits)
    except LASTING as error:
        raise unreachable(url, error) from error
    except requests.RequestException as error:
        raise interrupted(error) from error


def _accept(response: requests.Response, url: str, partial: Partial, known: Origin | None) -> int | None:
    """Make `partial` ready for the body of `response`; returns the size of the whole file when it is said."""
    if response.status_code == OK:
        size = int(response.headers["Content-Length"]) if "Content-Length" in response.headers else None
        partial.begin(Origin(url=format_url(url), validator=_validator(response), size=size))
        return size
    if known and response.status_code == PARTIAL_CONTENT and _continues(response, known, partial.length):
        return known.size
    if known and response.status_code in {PARTIAL_CONTENT, NOT_SATISFIABLE}:
        partial.remove()
        raise InterruptedTransferError("the file has changed on the server")
    if response.status_code in PASSING:
        raise InterruptedTransferError(f"the server answered {response.status_code} {response.reason}")
    raise refused(url, response)


def _continues(response: requests.Response, known: Origin, length: int) -> bool:
    """Whether the body begins where `length` bytes end, in the same file: some servers do not heed If-Range."""
    match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if not match or int(match[1]) != length or match[2] not in {"*", str(known.size)}:
        return False
    return _validator(response) in {"", known.validator}


def _validator(response: requests.Response) -> str:
    """A weak ETag (`W/...`) does not promise the same bytes."""
    tag: str = response.headers.get("ETag", "")
    return tag if tag.startswith('"') else response.headers.get("Last-Modified", "")


def _receive(response: requests.Response, partial: Partial, meter: Meter, chunk: int) -> None:
    with partial.appending() as add:
        done = partial.length
        try:
            for part in response.iter_content(chunk):
                add(part)
                done += len(part)
                meter.tell(done)
        except requests.RequestException as error:
            raise interrupted(error, "the connection ended too early") from error
