"""Fetching is killed, again and again, and the store never holds anything but whole trees."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit import archive_server, archives
from tsgen.libtorch import catalog
from tsgen.libtorch.store import Store
from tsgen.types import ArchiveFile

from .store_child import fetch, prune

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.process import BaseProcess

    from tests.unit.archive_server import Handler, Server
    from tsgen.types import Distribution

ROUNDS = 50
MOST_SECONDS = 1.0
"""On a machine that has other things to do, the test shall end all the same."""
AT_ONCE = 4
VERSIONS = ("2.12.0", "2.13.0", "2.14.1")
FOUR = (*VERSIONS, VERSIONS[0])
SEED = int(os.environ.get("TSGEN_TEST_SEED", "3"))
PIECE, PAUSE = 1 << 18, 0.01

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has neither SIGKILL nor a fork server")


@dataclass
class Battle:
    """What happened, so that a test in which nothing did is no test."""

    store: Store
    chance: random.Random
    seconds: float
    """That four take which nobody disturbs, on this machine at this time; MOST_SECONDS at most."""
    killed: int = 0
    finished: int = 0
    left_half: int = 0
    """Rounds after which a half tree lay in the store."""
    left_whole: int = 0
    names: set[str] = field(default_factory=set)


def contents(version: str) -> dict[str, bytes]:
    """A LibTorch of a few hundred files whose bytes tell its version."""
    chance = random.Random(version)  # noqa: S311 - any bytes will do
    headers = {f"libtorch/include/torch/{number}.h": chance.randbytes(2000) for number in range(200)}
    libraries = {f"libtorch/lib/lib{name}.so": chance.randbytes(400_000) for name in ("c10", "torch_cpu", "torch")}
    return {**headers, **libraries}


EXPECTED = {version: contents(version) for version in VERSIONS}


def slow(handler: Handler) -> None:
    """Long enough on the way for a kill to hit the download as often as the rest."""
    whole = len(handler.server_of.files[handler.path])
    asked_for_more = handler.headers.get("Range") == f"bytes={whole}-"
    (archive_server.behave if asked_for_more else archive_server.trickle(PIECE, PAUSE))(handler)


@pytest.fixture
def server() -> Iterator[Server]:
    with archive_server.archive_server() as server:
        for version in VERSIONS:
            entries = [archives.Entry(name, content) for name, content in EXPECTED[version].items()]
            server.serve(f"{version}.zip", archives.zipped(entries))
        server.always = slow
        yield server


def distribution(url: str, version: str) -> Distribution:
    """Without a pinned hash, so that nothing but the store itself keeps bad bytes out."""
    published = ArchiveFile(file=f"{version}.zip", url=f"{url}/{version}.zip", sha256=None)
    known = catalog.find(version, "linux-x86_64", "cpu", "release", cxx11_abi=True)
    return replace(known, archive=published, origin="archive")


def start(target: Callable[..., None], *arguments: object) -> BaseProcess:
    """Forked from a process that has loaded what it needs and has no threads."""
    context: Any = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", "tsgen.libtorch.providers.archive", "tsgen.system.fetch.transfer"])
    process: BaseProcess = context.Process(target=target, args=arguments)
    process.start()
    return process


def end(process: BaseProcess) -> int | None:
    process.join(60)
    return process.exitcode


def kill_at_random(processes: list[BaseProcess], battle: Battle) -> None:
    """Nine of ten; whoever was faster, and whoever is spared, has to have succeeded."""
    victims = [process for process in processes if battle.chance.random() < 0.9]
    kill = battle.chance.choice([kill_one_by_one, kill_while_a_tree_is_made])
    kill(victims, battle)
    for process in processes:
        code = end(process)
        assert code in {0, -signal.SIGKILL}, f"seed {SEED}: a child ended with {code}"
        battle.killed += code == -signal.SIGKILL
        battle.finished += code == 0


def kill_one_by_one(victims: list[BaseProcess], battle: Battle) -> None:
    for process in victims:
        time.sleep(battle.chance.uniform(0, battle.seconds / len(victims)))
        process.kill()


def kill_while_a_tree_is_made(victims: list[BaseProcess], battle: Battle) -> None:
    """All at once, at some moment between the first file and the last rename."""
    before = trees_in_the_making(battle.store)
    while trees_in_the_making(battle.store) <= before and any(process.is_alive() for process in victims):
        time.sleep(0.001)
    time.sleep(battle.chance.uniform(0, battle.seconds / 4))
    for process in victims:
        process.kill()


def trees_in_the_making(store: Store) -> set[Path]:
    """What lies in staging; `os.walk` does not mind that it goes while it is looked at."""
    walk = os.walk(store.root / "staging")
    return {Path(parent) / name for parent, folders, _ in walk for name in folders if name == "libtorch"}


def require_only_whole_trees(battle: Battle) -> None:
    """Neither `verify` nor the bytes themselves may say otherwise."""
    store = battle.store
    problems = store.verify_all()
    assert not any(problems.values()), f"seed {SEED}: {problems}"
    for version in VERSIONS:
        found = store.find(
            version=version, platform="linux-x86_64", accelerator="cpu", build_type="release", cxx11_abi=True
        )
        if found:
            battle.names.add(found.name)
            there = {path.relative_to(found.folder).as_posix(): path for path in found.root.rglob("*")}
            came = {name: path.read_bytes() for name, path in there.items() if path.is_file()}
            assert came == EXPECTED[version], f"seed {SEED}: {found.name} holds other bytes than were served"
    battle.left_whole += bool(store.entries())
    battle.left_half += bool(trees_in_the_making(store))


def test_killing_at_random_never_leaves_a_store_that_is_not_whole(tmp_path: Path, server: Server) -> None:
    print(f"TSGEN_TEST_SEED={SEED}")  # noqa: T201 - to see the same again, as far as the machine lets it
    chance = random.Random(SEED)  # noqa: S311
    store, seconds = Store(tmp_path / "store"), seconds_of_four(tmp_path / "undisturbed", server)
    battle = Battle(store=store, chance=chance, seconds=seconds)
    for number in range(ROUNDS):
        wanted = chance.choices(VERSIONS, k=AT_ONCE)
        processes = start_all(store.root, server, wanted)
        if number % 3 == 0:
            processes.append(start(prune, store.root))
        kill_at_random(processes, battle)
        require_only_whole_trees(battle)
        for entry in store.entries():
            if chance.random() < 0.8:
                store.remove(entry.name)
    print({name: value for name, value in vars(battle).items() if isinstance(value, (int, float))})  # noqa: T201
    assert battle.killed > ROUNDS
    assert battle.finished > ROUNDS // 10
    assert battle.left_half > ROUNDS // 10
    assert battle.left_whole > ROUNDS // 10
    require_a_normal_run(battle, server)


def seconds_of_four(root: Path, server: Server) -> float:
    end(start(prune, root))  # by which the fork server has started
    begun = time.monotonic()
    assert [end(process) for process in start_all(root, server, FOUR)] == [0] * 4
    return min(time.monotonic() - begun, MOST_SECONDS)


def start_all(root: Path, server: Server, versions: Sequence[str]) -> list[BaseProcess]:
    return [start(fetch, root, distribution(server.url, version)) for version in versions]


def require_a_normal_run(battle: Battle, server: Server) -> None:
    """Afterwards everything works, the same bytes get the same name, and what the dead have left is gone."""
    store = battle.store
    processes = start_all(store.root, server, FOUR)
    assert [end(process) for process in processes] == [0] * 4
    require_only_whole_trees(battle)
    assert len(store.entries()) == len(battle.names) == len(VERSIONS)
    store.prune(lambda _: ())
    assert list((store.root / "staging").iterdir()) == []
    assert not {".part", ".zip"} & {path.suffix for path in store.downloads.iterdir()}


def test_two_who_want_the_same_download_it_once(tmp_path: Path, server: Server) -> None:
    store = Store(tmp_path / "store")
    processes = start_all(store.root, server, VERSIONS[:2] * 2)
    assert [end(process) for process in processes] == [0] * 4
    assert sorted(request.path for request in server.requests) == [f"/{version}.zip" for version in VERSIONS[:2]]
    assert len(store.entries()) == 2


def test_another_libtorch_is_not_waited_for(tmp_path: Path, server: Server) -> None:
    """The first one stalls for ever, the second one comes."""
    store = Store(tmp_path / "store")
    server.misdeeds.append(archive_server.stall_after(1000))
    stalled = start(fetch, store.root, distribution(server.url, VERSIONS[0]))
    while not server.requests:
        time.sleep(0.01)
    other = start(fetch, store.root, distribution(server.url, VERSIONS[1]))
    assert end(other) == 0
    assert stalled.is_alive()
    stalled.kill()
    end(stalled)
    assert [entry.version for entry in store.entries()] == [VERSIONS[1]]
