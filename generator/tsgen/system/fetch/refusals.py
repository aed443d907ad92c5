"""What went wrong with a download, in the user's terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tsgen.console.meter import size
from tsgen.errors import LibTorchError
from tsgen.system.fetch.address import VARIABLE, format_url

if TYPE_CHECKING:
    import requests

FORBIDDEN, NOT_FOUND, PROXY_LOGIN = 403, 404, 407
EXCERPT = 300
_OTHER_WAYS = f"{VARIABLE} names another server, --offline takes what is in the store"
_HINTS = {
    FORBIDDEN: "403 has three meanings here: there is no such file (this storage says so instead of 404), a proxy or "
    "the server blocks this program or network, or the file was moved or taken back. A browser helps to tell which; "
    f"{VARIABLE} names another server, and `--libtorch wheel` takes the same libraries from the wheel",
    NOT_FOUND: "the file is not published there, or no longer; `--libtorch wheel` takes the same libraries from the "
    f"wheel. A mirror in {VARIABLE} may not have it",
    PROXY_LOGIN: "your proxy wants a name and a password: put NAME:PASSWORD@ before its host in HTTPS_PROXY",
}


class InterruptedTransferError(Exception):
    """It may help to ask again; never leaves `fetch`."""


def interrupted(error: requests.RequestException, otherwise: str = "") -> InterruptedTransferError:
    """`otherwise` is said when the system did not see it."""
    return InterruptedTransferError(_reason(error, otherwise))


def unreachable(url: str, error: requests.RequestException) -> LibTorchError:
    """The error for what no other attempt can better: certificates, addresses, redirects in a circle."""
    return LibTorchError(
        f"cannot download {format_url(url)}: {_reason(error)}",
        hint=f"behind a proxy with certificates of its own, REQUESTS_CA_BUNDLE names their file; {_OTHER_WAYS}",
    )


def gave_up(url: str, error: InterruptedTransferError, *, attempts: int, kept: int) -> LibTorchError:
    return LibTorchError(
        f"cannot download {format_url(url)}: {error} (tried {attempts} times)",
        hint=f"check the network, and HTTPS_PROXY if you are behind a proxy; {_OTHER_WAYS}",
        details=f"{size(kept)} are kept; the next attempt goes on from there" if kept else "",
    )


def refused(url: str, response: requests.Response) -> LibTorchError:
    status = response.status_code
    return LibTorchError(
        f"the server does not give us {format_url(url)}: it answered {status} {response.reason}".rstrip(),
        hint=_HINTS.get(status, _OTHER_WAYS),
        details=_excerpt(response),
    )


def _excerpt(response: requests.Response) -> str:
    """The first words of the answer, without tags: they tell a storage's answer from that of a proxy."""
    try:
        begin = next(response.iter_content(4 * EXCERPT), b"")
    except OSError:
        return ""
    words = re.sub(r"<[^>]*>", " ", begin.decode(errors="replace"))
    # What a server says must not steer a terminal.
    printable = "".join(letter if letter.isprintable() else " " for letter in words)
    return " ".join(printable.split())[:EXCERPT]


def _reason(error: BaseException, otherwise: str = "") -> str:
    """The system's own words, which the libraries wrap several times; else `otherwise` or the libraries' words."""
    causes = [error]
    while following := causes[-1].__cause__ or causes[-1].__context__:
        causes.append(following)
    said = [cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror]
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return "no answer in time"
    return said[-1] if said else otherwise or str(error)
