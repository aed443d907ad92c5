"""Tries the package as another program uses it: link the library, load the model, run it, and prove it again."""

from pathlib import Path

from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout

PROJECT = "@PROJECT@"


class TestPackage(ConanFile):
    settings = "os", "compiler", "build_type", "arch"

    def requirements(self) -> None:
        self.requires(self.tested_reference_str, run=True)

    def layout(self) -> None:
        cmake_layout(self, generator="Ninja", build_folder="../build/conan/test_package")

    def generate(self) -> None:
        toolchain = CMakeToolchain(self, generator="Ninja")
        toolchain.user_presets_path = False
        toolchain.generate()

    def build(self) -> None:
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def test(self) -> None:
        if not can_run(self):
            return
        package = Path(self.dependencies[self.tested_reference_str].package_folder)
        model = package / "share" / PROJECT / "model" / "model.pt"
        consumer = Path(self.build_folder, self.cpp.build.bindir, "consumer")
        self.run(f'"{consumer}" "{model}"', env="conanrun")
        self.run(f'"{package / "bin" / PROJECT}-runner" --verify', env="conanrun")
