"""What all rounds share: the tools, the LibTorch and how it is found, and the bare program."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks import stock
from benchmarks.measure import Failed, environment, run

HERE = Path(__file__).parent
ROOT = HERE.parent
TUTORIAL, BARE = HERE / "tutorial", HERE / "bare"
FIND_TORCH = ROOT / "templates/cpp/{{cookiecutter.project_slug}}/third_party/tsgen/cmake"
MODEL, OTHER_MODEL = "resnet18", "mobilenet_v3_small"
STOCK_WAY = "LibTorch's own `TorchConfig.cmake`, as in the tutorial"
OUR_WAY = "tsgen's `FindTorch.cmake`, since LibTorch's own `TorchConfig.cmake` does not configure on this machine"


@dataclass(frozen=True, kw_only=True)
class Bench:
    folder: Path
    """Empty at first; everything is made in it."""
    cmake: str
    find: tuple[str, ...]
    """What the person who works by hand tells CMake, so that it finds LibTorch."""
    found_by: str
    stock: stock.Stock
    calls: int
    """Of the model in one process, when its latency is measured."""
    repeats: int
    """Of what is short, in one round."""

    @property
    def bare(self) -> Path:
        return self.folder / "bare" / "build" / "bare"


def env(cache: Path | None = None) -> dict[str, str]:
    """With this checkout's tsgen; with `cache`, whatever is kept between projects is kept in that folder alone."""
    paths = {"PYTHONPATH": str(ROOT / "generator")}
    if cache:
        names = {"CCACHE_DIR": "ccache", "CCACHE_CONFIGPATH": "ccache.conf", "SCCACHE_DIR": "sccache"}
        names |= {"XDG_CACHE_HOME": "cache", "XDG_DATA_HOME": "data", "XDG_STATE_HOME": "state"}
        paths |= {name: str(cache / place) for name, place in names.items()}
    return environment(**paths)


def tool(name: str) -> str:
    """On the PATH, else beside this Python; raises Failed."""
    found = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
    if not found:
        raise Failed(f"expected {name} on the PATH or beside {sys.executable}, found none; install it")
    return found


def torch_root() -> Path:
    """The folder of the torch that this Python would import, without importing it; raises Failed."""
    found = importlib.util.find_spec("torch")
    if not found or not found.origin or not importlib.util.find_spec("torchvision"):
        raise Failed(f"expected torch and torchvision beside {sys.executable}; install them: pip install -e '.[torch]'")
    return Path(found.origin).parent


def prepare(folder: Path, cpu_libtorch: Path | None, *, calls: int, repeats: int) -> Bench:
    """Finds the tools and builds the bare program; what both sides read is in the page cache afterwards."""
    cmake, root = tool("cmake"), torch_root()
    prefix = f"-DCMAKE_PREFIX_PATH={root}"
    plain = stock.configures(cmake, root, TUTORIAL, folder / "try")
    bench = Bench(
        folder=folder,
        cmake=cmake,
        find=(prefix,) if plain else (prefix, f"-DCMAKE_MODULE_PATH={FIND_TORCH}"),
        found_by=STOCK_WAY if plain else OUR_WAY,
        stock=stock.of_cpu(cmake, root, cpu_libtorch, TUTORIAL, folder / "stock"),
        calls=calls,
        repeats=repeats,
    )
    _build_bare(bench, prefix)
    _warm_up(folder / "warm")
    return bench


def _build_bare(bench: Bench, prefix: str) -> None:
    place = Path(shutil.copytree(BARE, bench.folder / "bare"))
    options = (prefix, f"-DCMAKE_MODULE_PATH={FIND_TORCH}", "-DCMAKE_BUILD_TYPE=Release")
    run(bench.cmake, *options, "-B", "build", cwd=place, env=env())
    run(bench.cmake, "--build", "build", cwd=place, env=env())


def _warm_up(folder: Path) -> None:
    """Python's bytecode and LibTorch's files, of both sides, before anything is timed."""
    folder.mkdir()
    run(sys.executable, TUTORIAL / "export.py", MODEL, "model.pt", cwd=folder, env=env())
    run(sys.executable, "-m", "tsgen", "export", MODEL, "-o", "exported", cwd=folder, env=env(folder / "cache"))
