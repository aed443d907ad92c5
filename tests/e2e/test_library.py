"""The vendored library where it meets the real LibTorch: damaged models, and clang-tidy over the runtime."""

from __future__ import annotations

import shutil
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import Made, run

if TYPE_CHECKING:
    from .conftest import Ended

RECORDS = ("data.pkl", "constants.pkl", ".py", ".debug_pkl", "version", "extra/signature.tsgen")


def info(resnet: Made, model: Path) -> Ended:
    return run(resnet.root / "build/release/myapp-runner", model, "--info")


def refused(ended: Ended) -> None:
    assert ended.status == 2, ended.stdout + ended.stderr
    assert "is truncated or damaged: " in ended.stderr
    assert ended.stderr.count("hint: ") == 1


@pytest.fixture(scope="module")
def copied(resnet: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copy(resnet.root / "model/model.pt", tmp_path_factory.mktemp("damaged")))


def places_in(model: Path, ending: str) -> list[int]:
    """Where the bytes of the first record of such a name are a quarter, half and three quarters through."""
    with zipfile.ZipFile(model) as archive:
        record = next(it for it in archive.infolist() if it.filename.endswith(ending) and it.file_size)
    with model.open("rb") as file:
        file.seek(record.header_offset + 28)
        extra = int.from_bytes(file.read(2), "little")
    begin = record.header_offset + 30 + len(record.filename) + extra
    return [begin + record.compress_size * quarter // 4 for quarter in (1, 2, 3)]


def flip(model: Path, where: int) -> None:
    with model.open("r+b") as file:
        file.seek(where)
        (byte,) = file.read(1)
        file.seek(where)
        file.write(bytes([byte ^ 4]))


@pytest.mark.parametrize("ending", RECORDS)
def test_a_flipped_bit_is_refused_whatever_it_is_part_of(resnet: Made, copied: Path, ending: str) -> None:
    """LibTorch compares no checksum: it loads another model, runs out of memory, or does not come back."""
    for where in places_in(copied, ending):
        flip(copied, where)
        try:
            refused(info(resnet, copied))
        finally:
            flip(copied, where)
    assert info(resnet, copied).status == 0


@pytest.mark.parametrize("kept", [0.001, 0.5, 0.999])
def test_a_truncated_model_is_refused(resnet: Made, copied: Path, tmp_path: Path, kept: float) -> None:
    whole = copied.read_bytes()
    (tmp_path / "model.pt").write_bytes(whole[: int(len(whole) * kept)])
    refused(info(resnet, tmp_path / "model.pt"))


def test_numbers_of_a_tensor_are_not_added_up_at_each_start(resnet: Made, copied: Path) -> None:
    """They are large, and cannot hurt: what they are, the proof says, and the hash in the lock."""
    where = places_in(copied, "data/0")[0]
    flip(copied, where)
    status = info(resnet, copied).status
    flip(copied, where)
    assert status == 0


def test_clang_tidy_has_nothing_to_say_about_the_runtime(resnet: Made) -> None:
    """The rest of the library is looked at without LibTorch, among the integration tests."""
    library, torch = resnet.root / "third_party/tsgen", Path(resnet.outcome["libtorch"]["root"])
    ours = (f"-I{library / 'include'}", f"-I{library / 'src'}")
    theirs = ("-isystem", torch / "include", "-isystem", torch / "include/torch/csrc/api/include")
    unit = library / "src/runtimes/torchscript/all.cpp"
    program = Path(sys.executable).with_name("clang-tidy")
    ended = run(program, "--quiet", unit, "--", "-std=c++20", *ours, *theirs)
    assert ended.status == 0, ended.stdout
