"""A LibTorch that somebody else has built, as a Conan package: the very bytes, unchanged.

`libtorch.json` beside this file says which one it is and where it lies. It is not exported with the recipe: so the
recipe, and with it its revision, is the same for every variant, and all of them can be in one cache side by side.
`conan editable add FOLDER` uses it where it lies, `conan export-pkg FOLDER` copies it into the cache.
"""

import hashlib
import json
from pathlib import Path

from conan import ConanFile
from conan.errors import ConanException, ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd, supported_cppstd
from conan.tools.files import copy, save
from conan.tools.scm import Version

FACTS = "libtorch.json"
SYSTEMS = {"Linux": "linux", "Macos": "macos", "Windows": "windows"}
MACHINES = {"x86_64": "x86_64", "armv8": "arm64"}
# Whether std::string is the one of C++11, by the library of Linux; that of libc++ is a third one.
CXX11_ABI = {"libstdc++11": True, "libstdc++": False}


class LibTorchPrebuilt(ConanFile):
    name = "libtorch-prebuilt"
    description = "LibTorch as PyTorch publishes it"
    homepage = "https://pytorch.org"
    license = "BSD-3-Clause"
    topics = ("pytorch", "libtorch", "machine-learning")
    package_type = "shared-library"
    required_conan_version = ">=2.4"
    # It needs no environment to be packaged, and these would write theirs beside the recipe.
    virtualbuildenv = False
    virtualrunenv = False

    settings = "os", "arch", "compiler", "build_type"
    options = {
        "variant": ["ANY"],  # cpu, cu130, rocm7.2
        "cxx11_abi": [True, False],
        # False for a consumer whose CMake targets raise the standard themselves, where LibTorch's headers are included.
        "strict_cppstd": [True, False],
    }
    default_options = {"variant": "cpu", "cxx11_abi": True, "strict_cppstd": True}

    def set_version(self) -> None:
        if here := _facts(self.recipe_folder):
            self.version = here["version"].partition("+")[0]

    def config_options(self) -> None:
        """What lies beside the recipe is the default; in the cache, nothing does."""
        if here := _facts(self.recipe_folder):
            self.options.variant = here["accelerator"]
            self.options.cxx11_abi = here["cxx11_abi"]

    def validate(self) -> None:
        if here := _facts(self.recipe_folder):
            self._check_is(here)
        self._check_libcxx()
        self._check_standard()

    def package_id(self) -> None:
        # Nothing is compiled: of the compiler, only what cxx11_abi says matters.
        self.info.settings.rm_safe("compiler")
        self.info.options.rm_safe("strict_cppstd")
        if self.info.settings.os == "Windows":
            # Only a Debug program needs the Debug LibTorch there, and every other the Release one.
            self.info.settings.build_type = "Debug" if self.info.settings.build_type == "Debug" else "Release"
        else:
            self.info.settings.rm_safe("build_type")

    def package(self) -> None:
        facts = _facts(self.recipe_folder)
        if not facts:
            raise ConanException(
                f"nothing to package: there is no {FACTS} beside the recipe. `tsgen libtorch conan` packages a LibTorch"
            )
        root, package = Path(facts["root"]), Path(self.package_folder)
        for name in ("lib", "include", "share", "bin", ".dylibs"):
            copy(self, "*", src=root / name, dst=package / "torch" / name)
        for name in ("version.py", "build-version", "build-hash"):
            copy(self, name, src=root, dst=package / "torch")
        for folder in map(Path, facts["beside"]):
            # Where the run paths of a wheel's libraries lead: $ORIGIN/../../nvidia, $ORIGIN/../../torch.libs.
            for pattern in ("*.so*",) if folder.name == "torch.libs" else ("lib/*.so*", "*/lib/*.so*"):
                copy(self, pattern, src=folder, dst=package / folder.name)
        for folder in facts["licenses"]:
            copy(self, "*", src=folder, dst=package / "licenses")
        _check_bytes(facts["libraries"], package / "torch")
        kept = {key: value for key, value in facts.items() if key not in {"root", "beside", "licenses"}}
        save(self, package / FACTS, json.dumps(kept, indent=2) + "\n")

    def package_info(self) -> None:
        facts = _facts(self.recipe_folder) or _facts(self.package_folder)
        root = Path(facts.get("root") or Path(self.package_folder, "torch"))
        # What find_package(Torch) is given as Torch_ROOT.
        self.cpp_info.set_property("libtorch_root", root.as_posix())
        self.cpp_info.set_property("libtorch_facts", facts)
        # On the CMAKE_PREFIX_PATH of whoever requires this package, or one that was built with it.
        self.cpp_info.builddirs = [str(root)]
        self.cpp_info.includedirs = [str(root / "include"), str(root / "include/torch/csrc/api/include")]
        self.cpp_info.libdirs = [str(root / "lib")]
        # Where Windows looks for DLLs, which lie in either.
        self.cpp_info.bindirs = [str(root / "lib"), str(root / "bin")]
        self.cpp_info.libs = ["torch_cpu", "c10"]
        if self.settings.os == "Linux":
            self.cpp_info.system_libs = ["dl", "pthread"]
            # Operators register themselves when their library is loaded, used or not; and linkers do not follow the
            # run paths by which a CUDA distribution finds NVIDIA's libraries.
            flags = ["-Wl,--no-as-needed", "-Wl,--unresolved-symbols=ignore-in-shared-libs"]
            self.cpp_info.exelinkflags = flags
            self.cpp_info.sharedlinkflags = flags

    def _check_is(self, here: dict) -> None:
        """Raise unless what is asked for is what lies beside the recipe."""
        if not Path(here["root"]).is_dir():
            raise ConanInvalidConfiguration(f"{here['root']} is gone. `tsgen libtorch conan` registers LibTorch anew")
        asked = {"platform": self._platform(), "accelerator": str(self.options.variant)}
        asked["cxx11_abi"] = bool(self.options.cxx11_abi)
        if self.settings.os == "Windows":
            asked["build_type"] = "debug" if self.settings.build_type == "Debug" else "release"
        for key, value in asked.items():
            if here[key] != value:
                raise ConanInvalidConfiguration(
                    f"{key} {value} is asked for, but the registered LibTorch in {here['root']} has {here[key]}. "
                    "`tsgen libtorch conan` registers another"
                )

    def _platform(self) -> str:
        system = SYSTEMS.get(str(self.settings.os), str(self.settings.os))
        machine = MACHINES.get(str(self.settings.arch), str(self.settings.arch))
        return f"{system}-aarch64" if (system, machine) == ("linux", "arm64") else f"{system}-{machine}"

    def _check_libcxx(self) -> None:
        libcxx, cxx11_abi = self.settings.get_safe("compiler.libcxx"), bool(self.options.cxx11_abi)
        if self.settings.os == "Linux" and libcxx and CXX11_ABI.get(str(libcxx)) is not cxx11_abi:
            needed = next(name for name, answer in CXX11_ABI.items() if answer is cxx11_abi)
            raise ConanInvalidConfiguration(
                f"this LibTorch {self.version} has the {'new' if cxx11_abi else 'old'} std::string of libstdc++ "
                f"(_GLIBCXX_USE_CXX11_ABI={int(cxx11_abi)}), but compiler.libcxx is {libcxx}. "
                f"Add -s compiler.libcxx={needed}"
            )

    def _check_standard(self) -> None:
        if not self.settings.get_safe("compiler"):
            return
        # 2.12 is the first that is built with C++20, and since 2.14 the headers refuse less.
        floor = "20" if Version(self.version) >= "2.12" else "17"
        supported = supported_cppstd(self)
        if supported and floor not in supported:
            compiler = f"{self.settings.compiler} {self.settings.compiler.version}"
            raise ConanInvalidConfiguration(
                f"LibTorch {self.version} needs C++{floor}, which {compiler} has not. Take a newer compiler"
            )
        if self.options.strict_cppstd and self.settings.get_safe("compiler.cppstd"):
            check_min_cppstd(self, floor)


def _facts(folder: str) -> dict:
    """Of the LibTorch in `folder` or beside the recipe in it; empty when there is none."""
    path = Path(folder or "", FACTS)
    return json.loads(path.read_text(encoding="utf-8")) if folder and path.is_file() else {}


def _check_bytes(libraries: dict, root: Path) -> None:
    """Raise unless what is packaged is what was inspected: Python ran these bytes, and C++ links them."""
    for name, expected in libraries.items():
        digest = hashlib.sha256()
        with (root / name).open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
        if digest.hexdigest() != expected:
            raise ConanException(
                f"{name} is not what the recipe was made for: expected sha256 {expected}, came {digest.hexdigest()}. "
                "`tsgen libtorch conan` looks at it again"
            )
