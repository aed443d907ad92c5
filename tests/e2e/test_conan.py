"""Conan 2 with a cache of its own: LibTorch as it is, the project built with it, proven and packaged."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tsgen import toolchain
from tsgen.errors import LibTorchError
from tsgen.libtorch import conan as packaging
from tsgen.libtorch.look.inspect import look
from tsgen.libtorch.providers.conan import resolve
from tsgen.project import lock, user_presets
from tsgen.types import LibTorchRequest

from .conftest import Made, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tsgen.types import LibTorch

    from .conftest import Ended, Tsgen

# What a program that computes on the CPU loads of the CUDA wheel, 450 MB instead of 5 GB.
NEEDED = re.compile(r"lib(torch_cpu|c10)\.so|libgomp.*|libcupti\.so.*|libcudart\.so.*")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Of Conan and of tsgen's store; removed afterwards, as there are gigabytes in it."""
    home = tmp_path_factory.mktemp("conan")
    ninja = toolchain.find().ninja.path.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONAN_HOME", str(home / "conan"))
        patch.setenv("TSGEN_STORE", str(home / "store"))
        patch.setenv("PATH", os.pathsep.join([str(ninja), str(Path(sys.executable).parent), os.environ["PATH"]]))
        packaging.run(["profile", "detect"])
        yield home
    shutil.rmtree(home)


@pytest.fixture(scope="module")
def installed(resnet: Made) -> LibTorch:
    return look(Path(resnet.outcome["libtorch"]["root"]), origin="installed")


@pytest.fixture(scope="module")
def slim(installed: LibTorch, home: Path) -> LibTorch:
    """The installed one without what a CPU program does not load, in the layout of wheels."""
    root = home / "site-packages" / "torch"
    for folder in (installed.root / "lib", *installed.root.parent.glob("nvidia/*/lib")):
        for file in (file for file in folder.iterdir() if NEEDED.fullmatch(file.name)):
            target = root.parent / file.relative_to(installed.root.parent)
            target.parent.mkdir(parents=True, exist_ok=True)
            _link(file, target)
    for name in ("include", "share"):
        (root / name).symlink_to(installed.root / name)
    shutil.copyfile(installed.root / "version.py", root / "version.py")
    return look(root, origin="path")


def _link(file: Path, target: Path) -> None:
    try:
        target.hardlink_to(file)
    except OSError:  # another disk
        shutil.copyfile(file, target)


@pytest.fixture(scope="module")
def editable(installed: LibTorch, home: Path) -> Iterator[LibTorch]:
    del home
    reference = packaging.register(installed, "editable")
    yield installed
    packaging.run(["editable", "remove", "--refs", reference])


@pytest.fixture(scope="module")
def project(tsgen: Tsgen, resnet: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `tsgen build` leaves it, without what it has compiled."""
    root = tmp_path_factory.mktemp("with-conan") / "myapp"
    shutil.copytree(resnet.root, root, ignore=shutil.ignore_patterns("build"))
    assert tsgen("add", "conan", root).status == 0
    return root


def conan(*words: object, cwd: Path) -> Ended:
    return run("conan", *words, cwd=cwd)


def cmake(*words: object, cwd: Path) -> Ended:
    return run(toolchain.find().cmake.path, *words, cwd=cwd)


def ctest(cwd: Path) -> Ended:
    return run(toolchain.find().cmake.path.with_name("ctest"), "--preset", "conan-release", cwd=cwd)


def succeeds(ended: Ended) -> str:
    assert ended.status == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_an_editable_libtorch_proves_the_project(project: Path, editable: LibTorch) -> None:
    succeeds(conan("install", ".", cwd=project))
    assert f"Torch_ROOT: {editable.root}" in succeeds(cmake("--preset", "conan-release", cwd=project))
    assert "warning:" not in succeeds(cmake("--build", "--preset", "conan-release", cwd=project))
    said = succeeds(ctest(project))
    assert "parity" in said
    assert "100% tests passed" in said
    assert not any((project / "test_package").glob("CMakeUserPresets.json"))


def test_the_proof_sees_a_wrong_number(project: Path, editable: LibTorch) -> None:
    del editable
    expected = project / "model/cases/ones/output.output.npy"
    right = expected.read_bytes()
    expected.write_bytes(right[:-1] + bytes([right[-1] ^ 1]))
    ended = ctest(project)
    expected.write_bytes(right)
    assert ended.status != 0
    assert "parity (Failed)" in ended.stdout


def test_the_presets_of_tsgen_and_of_conan_stand_side_by_side(
    project: Path, editable: LibTorch, tmp_path: Path
) -> None:
    """Whoever comes first."""
    other = Path(shutil.copytree(project, tmp_path / "other", ignore=shutil.ignore_patterns("build")))
    (other / user_presets.FILE_NAME).unlink()
    succeeds(conan("install", ".", cwd=other))
    assert "local-release" not in succeeds(cmake("--list-presets", cwd=other))
    for root in (other, project):
        user_presets.write(root, editable, toolchain.find(), {"python": "python3"})
        listed = succeeds(cmake("--list-presets", cwd=root))
        assert '"local-release"' in listed
        assert '"conan-release"' in listed
    shutil.rmtree(other / "build")
    user_presets.write(other, editable, toolchain.find(), {})
    assert "conan-release" not in succeeds(cmake("--list-presets", cwd=other))


def test_tsgen_finds_what_conan_has(editable: LibTorch) -> None:
    request = LibTorchRequest(
        libtorch="conan", platform=editable.platform, build_type="release", torch=None, version=editable.version
    )
    assert resolve(request) == replace(editable, origin="conan")
    with pytest.raises(LibTorchError, match=r"no libtorch-prebuilt 1\.13\.1 .*it has "):
        resolve(replace(request, version="1.13.1"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("-s compiler.libcxx=libstdc++", "compiler.libcxx is libstdc++. Add -s compiler.libcxx=libstdc++11"),
        ("-s compiler=gcc -s compiler.version=7", "needs C++20, which gcc 7 has not. Take a newer compiler"),
        ("-s arch=armv8", "tsgen.lock names no LibTorch for linux-aarch64 (release)"),
    ],
)
def test_a_profile_that_cannot_be_is_refused(project: Path, editable: LibTorch, words: str, sentence: str) -> None:
    del editable
    ended = conan("install", ".", *words.split(), cwd=project)
    assert ended.status != 0
    assert sentence in ended.stderr


def test_others_than_our_targets_must_name_the_standard(editable: LibTorch, tmp_path: Path) -> None:
    words = (f"--requires={packaging.reference(editable)}", "-s", "compiler.cppstd=17")
    ended = conan("install", *words, cwd=tmp_path)
    assert ended.status != 0
    assert "lower than the required C++ standard (20)" in ended.stderr


def test_without_a_lock_the_way_is_told(project: Path, home: Path, tmp_path: Path) -> None:
    del home
    shutil.copyfile(project / "conanfile.py", tmp_path / "conanfile.py")
    ended = conan("install", ".", cwd=tmp_path)
    assert ended.status != 0
    assert "there is no tsgen.lock yet" in ended.stderr


def test_another_variant_than_the_registered_is_refused(project: Path, editable: LibTorch, tmp_path: Path) -> None:
    variant = _with_lock(project, tmp_path, replace(editable, accelerator="cu1"))
    ended = conan("install", ".", cwd=variant)
    assert ended.status != 0
    assert f"accelerator cu1 is asked for, but the registered LibTorch in {editable.root} has " in ended.stderr


def test_a_libtorch_that_is_gone_is_told(slim: LibTorch, tmp_path: Path) -> None:
    root = tmp_path / "torch"
    (root / "lib").mkdir(parents=True)
    gone = replace(slim, version="2.14.0", root=root)
    reference = packaging.register(gone, "editable")
    shutil.rmtree(root)
    ended = conan("install", f"--requires={reference}", cwd=tmp_path)
    packaging.run(["editable", "remove", "--refs", reference])
    assert ended.status != 0
    assert f"{root} is gone. `tsgen libtorch conan` registers LibTorch anew" in ended.stderr


def _with_lock(project: Path, folder: Path, libtorch: LibTorch) -> Path:
    """A copy of the project that is locked to another LibTorch."""
    root = Path(shutil.copytree(project, folder / "locked", ignore=shutil.ignore_patterns("build")))
    lock.write(root, lock.read(root).artifact, [libtorch.pin])
    return root


def test_the_project_is_packaged_with_a_libtorch_of_the_cache(project: Path, slim: LibTorch, tmp_path: Path) -> None:
    packaging.register(slim, "export-pkg")
    locked = _with_lock(project, tmp_path, slim)
    ended = conan("create", ".", "-o", "&:shared=True", "--format", "json", cwd=locked)
    assert "verified: 4 cases, C++ = Python" in succeeds(ended) + ended.stderr
    request = LibTorchRequest(libtorch="conan", platform=slim.platform, build_type="release", torch=None)
    found = resolve(request)
    assert found == replace(slim, origin="conan", root=found.root)
    package = _packaged(json.loads(ended.stdout))
    library = package / "lib/libtsgen-runtime.so"
    places = loaded(package / "bin/myapp-runner")
    assert {"libtorch_cpu.so", "libc10.so"} <= set(places)
    assert places.pop(library.name) == library.resolve()
    # LibTorch and NVIDIA's libraries, of the cache and of nowhere else.
    assert all(place.is_relative_to(found.root.parent) for place in places.values()), places


def loaded(program: Path) -> dict[str, Path]:
    """The libraries that a program loads, as far as they are tsgen's, LibTorch's or NVIDIA's."""
    found = re.findall(r"(lib(?:tsgen|torch|c10|gomp|cu)\S*) => (\S+)", succeeds(run("ldd", program)))
    return {name: Path(place).resolve() for name, place in found}


def _packaged(graph: dict[str, Any]) -> Path:
    """The folder of the project's package."""
    (folder,) = [node["package_folder"] for node in graph["graph"]["nodes"].values() if node["name"] == "myapp"]
    return Path(folder)
