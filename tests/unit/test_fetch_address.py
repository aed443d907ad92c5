"""Where a download is asked for: mirrors, the escaped `+`, redirects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
from requests.adapters import HTTPAdapter

from tsgen.errors import ConfigError, LibTorchError, UnsafeError
from tsgen.system import fetch
from tsgen.system.fetch.address import address, format_url
from tsgen.system.fetch.transfer import Session

from .archive_server import CONTENT, QUICK, archive_server, hash_of, status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .archive_server import Server

OFFICIAL = "https://download.pytorch.org/libtorch/cpu/libtorch-shared-with-deps-2.14.1%2Bcpu.zip"
PATH = "libtorch/cpu/libtorch-shared-with-deps-2.14.1%2Bcpu.zip"


@pytest.fixture
def server() -> Iterator[Server]:
    with archive_server() as server:
        yield server


@pytest.mark.parametrize("sent", [OFFICIAL, OFFICIAL.replace("%2B", "+")])
def test_a_plus_is_escaped_once(sent: str) -> None:
    assert address(sent) == OFFICIAL


def test_a_plus_in_a_query_means_a_space_and_stays() -> None:
    assert address("https://example.org/a+b?c=d+e") == "https://example.org/a%2Bb?c=d+e"


@pytest.mark.parametrize("mirror", ["https://files.example.org/pytorch", "https://files.example.org/pytorch/"])
def test_a_mirror_stands_for_the_official_server(monkeypatch: pytest.MonkeyPatch, mirror: str) -> None:
    expected = f"https://files.example.org/pytorch/{PATH}"
    assert address(OFFICIAL, mirror) == expected
    monkeypatch.setenv("TSGEN_MIRROR", mirror)
    assert address(OFFICIAL) == expected
    assert address(OFFICIAL, "") == OFFICIAL


@pytest.mark.parametrize("url", ["https://example.org/a", "https://download.pytorch.org.example.org/a"])
def test_a_mirror_stands_for_no_other_server(url: str) -> None:
    assert address(url, "https://files.example.org") == url


@pytest.mark.parametrize("mirror", ["files.example.org", "/srv/pytorch", "file:///srv/pytorch", "https://"])
def test_a_mirror_that_is_no_url_is_refused(mirror: str) -> None:
    with pytest.raises(ConfigError, match="expected an http or https URL"):
        address(OFFICIAL, mirror)


def test_a_file_comes_from_the_mirror(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.serve(f"mirror/{PATH}", CONTENT)
    monkeypatch.setenv("TSGEN_MIRROR", f"{server.url}/mirror")
    assert fetch.download(OFFICIAL, tmp_path / "a.zip", patience=QUICK) == hash_of(CONTENT)
    assert [request.path for request in server.requests] == [f"/mirror/{PATH}"]


def test_a_password_is_used_but_never_shown(server: Server, tmp_path: Path) -> None:
    mirror = server.url.replace("//", "//me:secret@")
    with pytest.raises(LibTorchError) as caught:
        fetch.download(OFFICIAL, tmp_path / "a.zip", mirror=mirror, patience=QUICK)
    assert server.requests[0].headers["authorization"].startswith("Basic ")
    assert "secret" not in caught.value.message
    assert format_url(mirror) == server.url
    server.serve(PATH, CONTENT)
    fetch.download(OFFICIAL, tmp_path / "a.zip", mirror=mirror, patience=QUICK)
    assert not any(b"secret" in path.read_bytes() for path in tmp_path.iterdir())


def test_a_redirect_is_followed_and_its_plus_kept(server: Server, tmp_path: Path) -> None:
    moved = server.serve(f"moved/{PATH}", CONTENT)
    server.misdeeds = [status(302, Location=moved)]
    assert fetch.download(f"{server.url}/{PATH}", tmp_path / "a.zip", patience=QUICK) == hash_of(CONTENT)
    assert [request.path for request in server.requests] == [f"/{PATH}", f"/moved/{PATH}"]


def test_redirects_in_a_circle_end(server: Server, tmp_path: Path) -> None:
    server.always = status(302, Location="/again")
    with pytest.raises(LibTorchError, match="Exceeded 30 redirects"):
        fetch.download(f"{server.url}/{PATH}", tmp_path / "a.zip", patience=QUICK)
    assert len(server.requests) == 31


class Redirecting(HTTPAdapter):
    """Stands for a server with TLS, which would need a certificate: every question is answered with a redirect."""

    def __init__(self, location: str) -> None:
        super().__init__()
        self.location = location

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        response = requests.Response()
        response.status_code, response.request, response.url = 302, request, str(request.url)
        response.headers["Location"] = self.location
        response._content = b""
        return response


@pytest.mark.parametrize("scheme", ["http", "HTTP"])
def test_https_is_never_left_for_http(server: Server, scheme: str) -> None:
    url = server.serve("a.zip", CONTENT).replace("http:", f"{scheme}:")
    with Session() as session:
        session.mount("https://", Redirecting(url))
        with pytest.raises(UnsafeError, match="not encrypted"):
            session.get("https://download.pytorch.org/a.zip")
    assert server.requests == []


def test_https_may_lead_to_https() -> None:
    with Session() as session:
        session.mount("https://", Redirecting("https://download-r2.pytorch.org/a.zip"))
        with pytest.raises(requests.TooManyRedirects):
            session.get("https://download.pytorch.org/a.zip")
