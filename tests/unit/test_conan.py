"""LibTorch as a Conan package: the recipe, what Conan is told, how its answers are read. Conan itself is a script."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tsgen.errors import LibTorchError, ToolMissingError
from tsgen.libtorch import conan
from tsgen.libtorch.providers.conan import resolve
from tsgen.system import files
from tsgen.types import LibTorchRequest, Source

from .make import libtorch

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from tsgen.types import LibTorch

    from .conftest import Script

TEMPLATES = Path(__file__).parents[2] / "templates"
WHEEL = Source(file="torch.whl", sha256="ab" * 32, requirement="torch==2.14.1")


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TSGEN_STORE", str(tmp_path / "store"))
    return tmp_path / "store"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A wheel's torch."""
    root = tmp_path / "site-packages" / "torch"
    for name in ("torch_cpu", "c10"):
        (root / "lib").mkdir(parents=True, exist_ok=True)
        (root / f"lib/lib{name}.so").write_bytes(name.encode())
    return root


@pytest.fixture
def program(tmp_path: Path, shell: Script, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `conan` that writes down its words, and answers with the file that is named after the first of them."""
    folder = tmp_path / "bin"
    shell(
        folder / "conan",
        f"""
        PATH=/usr/bin:/bin
        cd "{tmp_path}"
        case "$1" in
          --version) echo "Conan version 2.34.0"; exit ;;
          editable | cache) answer="$1-$2" ;;
          *) answer="$1" ;;
        esac
        echo "$*" >> said
        if [ -f "$answer" ]; then cat "$answer"; else echo "{{}}"; fi
        [ ! -f fails ]
        """,
    )
    monkeypatch.setenv("PATH", str(folder))
    return folder / "conan"


def facts(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / conan.FACTS).read_text(encoding="utf-8")))


def load(recipe: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("recipe", recipe)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestRecipe:
    def test_it_is_written_into_the_store_and_not_beside_an_installed_torch(self, root: Path, store: Path) -> None:
        before = sorted(root.parent.rglob("*"))
        folder = conan.write_recipe(libtorch(root, sources=(WHEEL,)))
        assert folder.parent == store / "conan"
        assert sorted(root.parent.rglob("*")) == before
        assert (folder / "conanfile.py").read_bytes() == (TEMPLATES / "conan/conanfile.py").read_bytes()
        assert facts(folder) == {
            "version": "2.14.1+cpu",
            "platform": "linux-x86_64",
            "accelerator": "cpu",
            "build_type": "release",
            "cxx11_abi": True,
            "cxx_standard": 20,
            "origin": "installed",
            "root": str(root),
            "sources": [{"file": "torch.whl", "sha256": "ab" * 32, "url": "", "requirement": "torch==2.14.1"}],
            "beside": [],
            "licenses": [],
            "libraries": {
                f"lib/lib{name}.so": files.sha256(root / f"lib/lib{name}.so") for name in ("torch_cpu", "c10")
            },
        }

    def test_variants_differ_in_what_is_not_exported(self, root: Path) -> None:
        """Else the recipe's revision would change, and the variant that came first be lost."""
        cpu = conan.write_recipe(libtorch(root))
        cuda = conan.write_recipe(libtorch(root, version="2.14.1+cu130", accelerator="cu130"))
        assert cpu != cuda
        assert (cpu / "conanfile.py").read_bytes() == (cuda / "conanfile.py").read_bytes()
        assert "exports" not in vars(load(cpu / "conanfile.py").LibTorchPrebuilt)

    @pytest.mark.parametrize(
        ("version", "names"), [("2.14.1", ["torch.libs", "nvidia"]), ("2.14.1+cpu", ["torch.libs"])]
    )
    def test_what_the_run_paths_lead_to_comes_along(self, root: Path, version: str, names: list[str]) -> None:
        for name in ("nvidia", "torch.libs"):
            (root.parent / name).mkdir()
        found = facts(conan.write_recipe(libtorch(root, version=version)))
        assert found["beside"] == [str(root.parent / name) for name in names]

    def test_changed_bytes_are_told(self, root: Path) -> None:
        folder = conan.write_recipe(libtorch(root))
        recipe = load(folder / "conanfile.py")
        recipe._check_bytes(facts(folder)["libraries"], root)
        (root / "lib/libc10.so").write_bytes(b"C10")
        with pytest.raises(recipe.ConanException, match=r"lib/libc10\.so is not what the recipe was made for"):
            recipe._check_bytes(facts(folder)["libraries"], root)

    @pytest.mark.parametrize(
        ("changes", "profile"),
        [
            ({}, "os=Linux\narch=x86_64\nbuild_type=Release\n"),
            ({"platform": "linux-aarch64"}, "os=Linux\narch=armv8\nbuild_type=Release\n"),
            ({"platform": "macos-arm64"}, "os=Macos\narch=armv8\nbuild_type=Release\n"),
            ({"platform": "windows-x86_64", "build_type": "debug"}, "os=Windows\narch=x86_64\nbuild_type=Debug\n"),
        ],
    )
    def test_it_is_packaged_for_its_own_platform(self, root: Path, changes: dict[str, Any], profile: str) -> None:
        folder = conan.write_recipe(libtorch(root, **changes))
        assert (folder / conan.PROFILE).read_text(encoding="utf-8") == f"[settings]\n{profile}"


@pytest.mark.usefixtures("program")
class TestRegister:
    def said(self, tmp_path: Path) -> list[str]:
        return (tmp_path / "said").read_text(encoding="utf-8").splitlines()

    def test_editable_adds_the_folder(self, root: Path, tmp_path: Path) -> None:
        made = libtorch(root)
        assert conan.register(made, "editable") == "libtorch-prebuilt/2.14.1"
        assert self.said(tmp_path) == [f"editable add {conan.write_recipe(made)}"]

    def test_a_package_takes_the_place_of_an_editable(self, root: Path, tmp_path: Path) -> None:
        made = libtorch(root)
        conan.register(made, "export-pkg")
        folder = conan.write_recipe(made)
        assert self.said(tmp_path) == [
            "editable remove --refs libtorch-prebuilt/2.14.1",
            f"export-pkg {folder} --profile:all {folder / 'profile'} --no-remote",
        ]

    def test_the_reason_of_conan_is_told(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "fails").touch()
        (tmp_path / "editable-add").write_text("Exporting\nERROR: no space\nis left\n", encoding="utf-8")
        with pytest.raises(LibTorchError, match="`conan editable` failed") as caught:
            conan.register(libtorch(root), "editable")
        assert caught.value.details == "no space\nis left"


def test_without_conan_its_installation_is_told(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    with pytest.raises(ToolMissingError) as caught:
        conan.register(libtorch(root), "editable")
    assert caught.value.hint == "pip install conan"


def test_conan_1_is_refused(root: Path, tmp_path: Path, shell: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    shell(tmp_path / "conan", "echo Conan version 1.66.0\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissingError, match=r"Conan 2\.4 or newer is needed; .* is 1\.66\.0"):
        conan.register(libtorch(root), "editable")


@pytest.mark.usefixtures("program")
class TestProvider:
    @pytest.fixture
    def cache(self, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, LibTorch]:
        """An editable 2.14.1 for the CPU, a packaged 2.13.0 for CUDA; and `inspect` believes what it is shown."""
        made = {"editable": libtorch(root, sources=(WHEEL,)), "packaged": libtorch(root, version="2.13.0+cu126")}
        folder = conan.write_recipe(made["editable"])
        listed = {"libtorch-prebuilt/2.14.1": {"path": str(folder / "conanfile.py")}, "other/1": {"path": "/other"}}
        (tmp_path / "editable-list").write_text(json.dumps(listed), encoding="utf-8")
        packages: dict[str, Any] = {"libtorch-prebuilt/2.13.0": {"revisions": {"r1": {"packages": {"p1": {}}}}}}
        (tmp_path / "list").write_text(json.dumps({"Local Cache": packages}), encoding="utf-8")
        package = tmp_path / "package"
        package.mkdir()
        kept = {**facts(folder), "version": "2.13.0+cu126", "accelerator": "cu126", "root": "", "sources": []}
        (package / conan.FACTS).write_text(json.dumps(kept), encoding="utf-8")
        (tmp_path / "cache-path").write_text(f"{package}\n", encoding="utf-8")

        def inspect(at: Path, _: LibTorchRequest, *, origin: str, sources: tuple[Source, ...]) -> LibTorch:
            return libtorch(at, origin=origin, sources=sources)

        monkeypatch.setitem(resolve.__globals__, "inspect", inspect)
        return made

    def ask(self, **requirement: Any) -> LibTorch:
        plain = {"libtorch": "conan", "platform": "linux-x86_64", "build_type": "release", "torch": None}
        return resolve(LibTorchRequest(**{**plain, **requirement}))

    def test_the_newest_is_taken(self, cache: Mapping[str, LibTorch], root: Path) -> None:
        del cache
        found = self.ask()
        assert (found.root, found.origin, found.sources) == (root, "conan", (WHEEL,))

    @pytest.mark.parametrize(
        "requirement", [{"version": "2.13.0"}, {"version": "2.13.0+cu126"}, {"accelerator": "cuda"}]
    )
    def test_what_is_wanted_is_found_in_the_cache(
        self, cache: Mapping[str, LibTorch], tmp_path: Path, requirement: dict[str, Any]
    ) -> None:
        del cache
        found = self.ask(**requirement)
        assert found.root == tmp_path / "package/torch"
        said = (tmp_path / "said").read_text(encoding="utf-8")
        assert "cache path libtorch-prebuilt/2.13.0#r1:p1" in said

    @pytest.mark.parametrize(
        "requirement",
        [
            {"version": "2.12.0"},
            {"accelerator": "cu130"},
            {"platform": "macos-arm64"},
            {"cxx11_abi": False},
            {"version": "2.13.0", "accelerator": "cpu"},
        ],
    )
    def test_what_is_not_there_is_told_with_what_is(
        self, cache: Mapping[str, LibTorch], requirement: dict[str, Any]
    ) -> None:
        del cache
        with pytest.raises(
            LibTorchError, match=r"it has 2\.14\.1\+cpu cpu for linux-x86_64, 2\.13\.0\+cu126 cu126"
        ) as caught:
            self.ask(**requirement)
        assert "tsgen libtorch conan" in caught.value.hint

    def test_an_empty_cache_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "list").write_text('{"Local Cache": {}}', encoding="utf-8")
        with pytest.raises(LibTorchError, match="it has none at all"):
            self.ask()
