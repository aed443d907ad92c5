"""Conan 2 builds this project with the LibTorch that tsgen.lock names.

`tsgen libtorch conan` tells Conan's cache once where that LibTorch is. Then `conan install .` makes the presets
conan-release for `cmake --preset`, `cmake --build --preset` and `ctest --preset`; and `conan create .` makes a package
of library, program and model, which test_package/ tries.
"""

import re
from pathlib import Path

from conan import ConanFile
from conan.errors import ConanException
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy

PROJECT = "{{ cookiecutter.project_slug }}"
LOCK = "tsgen.lock"
SYSTEMS = {"Linux": "linux", "Macos": "macos", "Windows": "windows"}
MACHINES = {"x86_64": "x86_64", "armv8": "arm64"}


class Project(ConanFile):
    name = "{{ cookiecutter.project_slug | lower }}"
    description = "Runs a PyTorch model without Python"
    package_type = "static-library"
    required_conan_version = ">=2.4"

    settings = "os", "compiler", "build_type", "arch"
    options = {"fPIC": [True, False]}
    default_options = {"fPIC": True}
    implements = ("auto_shared_fpic",)
    exports = LOCK
    exports_sources = "CMakeLists.txt", "cmake/*", "include/*", "src/*", "ops/*", "model/*", LOCK

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
                "cxx11_abi": row["cxx11_abi"] == "true",
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
        # find_package(Torch) means cmake/FindTorch.cmake, not the configuration that LibTorch brings.
        self.conf.define("tools.cmake.cmaketoolchain:find_package_prefer_config", False)
        libtorch = self.dependencies["libtorch-prebuilt"].cpp_info
        _require_exact(self._locked(), libtorch.get_property("libtorch_facts"))
        toolchain = CMakeToolchain(self, generator="Ninja")
        toolchain.cache_variables["Torch_ROOT"] = libtorch.get_property("libtorch_root")
        toolchain.generate()

    def build(self) -> None:
        cmake = CMake(self)
        # The tests are for `conan install`; a package is tried by test_package/.
        cmake.configure(variables={"{{ cookiecutter.__identifier }}_DEVELOPER_MODE": "OFF"})
        cmake.build()

    def package(self) -> None:
        CMake(self).install()
        source, package = Path(self.source_folder), Path(self.package_folder)
        copy(self, "*.hpp", src=source / "include", dst=package / "include")
        for name in (f"lib{PROJECT}-lib.a", f"{PROJECT}-lib.lib"):
            copy(self, name, src=self.build_folder, dst=package / "lib", keep_path=False)
        copy(self, LOCK, src=source, dst=package / "share" / PROJECT)

    def package_info(self) -> None:
        operators = any(Path(self.package_folder, "lib").glob(f"*{PROJECT}-ops.*"))
        self.cpp_info.libs = [f"{PROJECT}-lib", *([f"{PROJECT}-ops"] if operators else [])]
        # The words of a project that takes this one by add_subdirectory.
        self.cpp_info.set_property("cmake_file_name", PROJECT)
        self.cpp_info.set_property("cmake_target_name", "{{ cookiecutter.__identifier }}::lib")

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
    """The words of each [[libtorch]] table, with the sha256 of all its files; Python before 3.11 reads no TOML."""
    if not lock.is_file():
        raise ConanException(f"there is no {LOCK} yet, which says what LibTorch this project needs. Run `tsgen build`")
    tables = re.split(r"^\[\[libtorch\]\]$", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [
        {
            "sha256": re.findall(r'\bsha256 = "(\w+)"', table),
            **dict(re.findall(r'^(\w+) = "?([^"\n]*)"?$', table.partition("\n[")[0], re.MULTILINE)),
        }
        for table in tables
    ]


def _require_exact(row: dict, facts: dict) -> None:
    """The LibTorch that Conan gives is the locked one, as far as both say what they were made from."""
    for what, locked, came in (
        ("version", row["version"], facts["version"]),
        ("files with sha256", sorted(row["sha256"]), sorted(source["sha256"] for source in facts["sources"])),
    ):
        if locked and came and locked != came:
            raise ConanException(
                f"{LOCK} names the LibTorch of {what} {locked}, but Conan has {came}. "
                "`tsgen libtorch conan` registers the locked one"
            )
