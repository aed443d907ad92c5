"""Conan 2 builds this project with the LibTorch that tsgen.lock names.

`tsgen libtorch conan` tells Conan's cache once where that LibTorch is. Then `conan install .` makes the presets
conan-release for `cmake --preset`, `cmake --build --preset` and `ctest --preset`; and `conan create .` makes a package
of library, program and model, which test_package/ tries.
"""

import json
from pathlib import Path

from conan import ConanFile
from conan.errors import ConanException
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy

PROJECT = "@PROJECT@"
LOCK = "tsgen.lock"
LOCK_FORMAT = 2
SYSTEMS = {"Linux": "linux", "Macos": "macos", "Windows": "windows"}
MACHINES = {"x86_64": "x86_64", "armv8": "arm64"}


class Project(ConanFile):
    name = PROJECT.lower()
    description = "Runs a PyTorch model without Python"
    package_type = "library"
    required_conan_version = ">=2.4"

    settings = "os", "compiler", "build_type", "arch"
    options = {"shared": [True, False]}
    default_options = {"shared": False}
    exports = LOCK
    exports_sources = "CMakeLists.txt", "include/*", "src/*", "ops/*", "model/*", "third_party/*", LOCK

    def set_version(self) -> None:
        self.version = self.version or "0.1.0"  # --version comes first

    def layout(self) -> None:
        # Not cmake_layout's own build/Release: where case does not count, that is tsgen's build/release.
        cmake_layout(self, generator="Ninja", build_folder="build/conan")

    def requirements(self) -> None:
        row = self._locked()
        self.requires(
            "libtorch-prebuilt/" + row["version"].partition("+")[0],
            options={
                "variant": row["accelerator"],
                "cxx11_abi": row["cxx11_abi"],
                # Our CMake targets raise the standard where LibTorch's headers are included.
                "strict_cppstd": False,
            },
            # Another LibTorch is another package of ours: the program looks for it where it was linked.
            package_id_mode="full_mode",
        )

    def validate(self) -> None:
        if self.settings.get_safe("compiler.cppstd"):
            check_min_cppstd(self, 17)

    def generate(self) -> None:
        # find_package(Torch) means tsgen's FindTorch.cmake, not the configuration that LibTorch brings.
        self.conf.define("tools.cmake.cmaketoolchain:find_package_prefer_config", False)
        libtorch = self.dependencies["libtorch-prebuilt"].cpp_info
        _require_exact(self._locked(), libtorch.get_property("libtorch_facts"))
        toolchain = CMakeToolchain(self, generator="Ninja")
        toolchain.cache_variables["Torch_ROOT"] = libtorch.get_property("libtorch_root")
        toolchain.generate()

    def build(self) -> None:
        cmake = CMake(self)
        # The tests are for `conan install`; a package is tried by test_package/.
        cmake.configure(variables={"@IDENTIFIER@_DEVELOPER_MODE": "OFF"})
        cmake.build()

    def package(self) -> None:
        CMake(self).install()
        copy(self, LOCK, src=self.source_folder, dst=Path(self.package_folder, "share", PROJECT))

    def package_info(self) -> None:
        # What `cmake --install` wrote says it all: CMakeDeps shall not make another package of the same name.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = [f"lib/cmake/{PROJECT}", "lib/cmake/tsgen"]

    def _locked(self) -> dict:
        """The row of this platform in tsgen.lock: on Windows of this build type, elsewhere one LibTorch serves both."""
        wanted = "debug" if self.settings.build_type == "Debug" else "release"
        rows = [row for row in _rows(Path(self.recipe_folder, LOCK)) if row["platform"] == self._platform()]
        rows.sort(key=lambda row: row["build_type"] != wanted)
        if not rows or (self.settings.os == "Windows" and rows[0]["build_type"] != wanted):
            raise ConanException(
                f"{LOCK} names no LibTorch for {self._platform()} ({wanted}). `tsgen build` on that platform adds it"
            )
        return rows[0]

    def _platform(self) -> str:
        system = SYSTEMS.get(str(self.settings.os), str(self.settings.os))
        machine = MACHINES.get(str(self.settings.arch), str(self.settings.arch))
        return f"{system}-aarch64" if (system, machine) == ("linux", "arm64") else f"{system}-{machine}"


def _rows(lock: Path) -> list:
    """What the lock says of the LibTorch of each platform."""
    if not lock.is_file():
        raise ConanException(f"there is no {LOCK} yet, which says what LibTorch this project needs. Run `tsgen build`")
    try:
        document = json.loads(lock.read_text(encoding="utf-8"))
        came, rows = document["format"], document["libtorch"]
    except (ValueError, KeyError, TypeError):
        raise ConanException(
            f"{lock} is not the JSON that tsgen writes. `tsgen build` rewrites one of an older tsgen; "
            "take a damaged one back from git, or delete it and run `tsgen build`"
        ) from None
    if came != LOCK_FORMAT:
        raise ConanException(
            f"{lock} has the format {came}, and this recipe reads format {LOCK_FORMAT}: another version of tsgen "
            "wrote it. `tsgen add conan --force` writes the recipe of the tsgen that is installed"
        )
    return rows


def _require_exact(row: dict, facts: dict) -> None:
    """The LibTorch that Conan gives is the locked one, as far as both say what they were made from."""
    for what, locked, came in (
        ("version", row["version"], facts["version"]),
        ("files with sha256", _sha256(row.get("sources", [])), _sha256(facts["sources"])),
    ):
        if locked and came and locked != came:
            raise ConanException(
                f"{LOCK} names the LibTorch of {what} {locked}, but Conan has {came}. "
                "`tsgen libtorch conan` registers the locked one"
            )


def _sha256(sources: list) -> list:
    return sorted(source["sha256"] for source in sources)
