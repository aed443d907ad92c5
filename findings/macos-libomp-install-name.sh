#!/usr/bin/env bash
# One would expect: the libomp.dylib that lies in torch's wheel for macOS, beside the libraries that load it, can be linked as they can: all
# of them are called @rpath/NAME, so a program that is linked with one finds it through its own run path.
#
# What happens: libomp.dylib alone is called by a folder of the machine that built it, /opt/llvm-openmp/lib. A linker copies that name into
# whatever is linked with the file, so such a program looks for its OpenMP there and does not start, wherever the wheel is and whatever its
# run path. libtorch_cpu.dylib was changed after linking to look beside itself, which hides it as long as nothing else needs OpenMP. It
# meets who compiles what AOTInductor writes as C++, whose loops are OpenMP's and should run on the threads that LibTorch has.
#
# Wheel torch 2.14.1 for macosx_14_0_arm64, CPython 3.11, read with lief 1.0.0 on Linux; seen on 2026-12-01. No Mac was at hand.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet lief==1.0.0
"$folder/venv/bin/pip" download --quiet --no-deps --only-binary=:all: --platform macosx_14_0_arm64 --python-version 3.11 \
  --dest "$folder" torch==2.14.1

cat >"$folder/names.py" <<'PYTHON'
import sys
import zipfile
from pathlib import Path

import lief

folder = Path(sys.argv[1])
with zipfile.ZipFile(next(folder.glob("torch-*.whl"))) as wheel:
    libraries = [name for name in wheel.namelist() if name.startswith("torch/lib/") and name.endswith(".dylib")]
    wheel.extractall(folder, libraries)
ids, loads = {}, {}
for name in sorted(libraries):
    file = lief.MachO.parse(str(folder / name))
    for command in file.at(0).commands:
        if command.command == lief.MachO.LoadCommand.TYPE.ID_DYLIB:
            ids[Path(name).name] = command.name
        elif command.command == lief.MachO.LoadCommand.TYPE.LOAD_DYLIB and "omp" in command.name:
            loads[Path(name).name] = command.name
for name, known in ids.items():
    print(f"{name} is called {known}" + (f" and loads {loads[name]}" if name in loads else ""))
others = {known.rpartition("/")[0] for name, known in ids.items() if name != "libomp.dylib"}
odd = ids["libomp.dylib"].startswith("/opt/") and others == {"@rpath"}
raise SystemExit(0 if odd and loads.get("libtorch_cpu.dylib") == "@loader_path/libomp.dylib" else 1)
PYTHON

if "$folder/venv/bin/python" "$folder/names.py" "$folder"; then
  echo "seen: the wheel's libomp.dylib has the name of a folder that no Mac has"
else
  echo "changed: the libraries of the wheel have other names" >&2
  exit 1
fi
