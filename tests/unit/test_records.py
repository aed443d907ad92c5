"""CMakeUserPresets.json and proof.json: what a run leaves for the next one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tsgen.config import DEFAULT_TOLERANCES
from tsgen.model import read as read_artifact
from tsgen.project import proof_cache, user_presets
from tsgen.system.names import decode, encode
from tsgen.toolchain import Tool, Toolchain
from tsgen.types import ParityReport, Tolerance

from .make import build, exported, libtorch, parity, report

TOOLS = Toolchain(
    cmake=Tool(path=Path("/usr/bin/cmake"), version="3.28"), ninja=Tool(path=Path("/opt/a b/ninja"), version="1.11")
)


class TestPresets:
    def test_both_build_types_get_the_paths_of_this_machine(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("CXX", raising=False)
        user_presets.write(tmp_path, libtorch(Path("/opt/lib torch")), TOOLS, {})
        document = json.loads((tmp_path / "CMakeUserPresets.json").read_text(encoding="utf-8"))
        configure = {preset["name"]: preset for preset in document["configurePresets"]}
        assert set(configure) == {"local-release", "local-debug"}
        assert configure["local-debug"]["inherits"] == "debug"
        assert configure["local-release"]["cacheVariables"] == {
            "Torch_ROOT": {"type": "PATH", "value": "/opt/lib torch"},
            "CMAKE_MAKE_PROGRAM": {"type": "FILEPATH", "value": "/opt/a b/ninja"},
            "CMAKE_CXX_COMPILER_LAUNCHER": "$penv{CMAKE_CXX_COMPILER_LAUNCHER}",
        }
        assert [preset["configurePreset"] for preset in document["buildPresets"]] == ["local-release", "local-debug"]

    def test_an_unchanged_file_is_not_written(self, tmp_path: Path) -> None:
        path = tmp_path / "CMakeUserPresets.json"
        user_presets.write(tmp_path, libtorch(), TOOLS, {"python": "python3"})
        os.utime(path, (1, 1))
        user_presets.write(tmp_path, libtorch(), TOOLS, {"python": "python3"})
        assert path.stat().st_mtime == 1
        user_presets.write(tmp_path, libtorch(Path("another")), TOOLS, {"python": "python3"})
        assert path.stat().st_mtime > 1

    @pytest.mark.parametrize(
        ("named", "value"), [(None, None), ("", None), ("clang++", "clang++"), ("ccache g++", None)]
    )
    def test_a_compiler_named_by_cxx_is_kept(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str | None, value: str | None
    ) -> None:
        monkeypatch.delenv("CXX", raising=False)
        if named is not None:
            monkeypatch.setenv("CXX", named)
        user_presets.write(tmp_path, libtorch(), TOOLS, {})
        document = json.loads((tmp_path / "CMakeUserPresets.json").read_text(encoding="utf-8"))
        assert document["configurePresets"][0]["cacheVariables"].get("CMAKE_CXX_COMPILER") == value

    def test_the_choices_of_this_machine_are_remembered(self, tmp_path: Path) -> None:
        choices = {"python": "/opt/größe/python", "libtorch": "/opt/lib torch"}
        user_presets.write(tmp_path, libtorch(), TOOLS, choices)
        assert user_presets.read_choices(tmp_path) == choices

    @pytest.mark.parametrize(
        "text", [None, "", "[]", "{}", '{"vendor": []}', '{"vendor": {"ide/1": {}}}', '{"vendor": {"tsgen/1": 3}}']
    )
    def test_a_file_of_someone_else_chooses_nothing(self, tmp_path: Path, text: str | None) -> None:
        if text is not None:
            (tmp_path / "CMakeUserPresets.json").write_text(text, encoding="utf-8")
        assert user_presets.read_choices(tmp_path) == {}


class Proven:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "myapp-runner").write_bytes(b"runner")
        exported(folder / "model")

    def key(self, root: str = "/opt/libtorch", tolerance: float = 1e-4) -> str:
        limits = {**DEFAULT_TOLERANCES, "float32": Tolerance(rtol=tolerance, atol=0)}
        artifact = read_artifact(self.folder / "model")
        return proof_cache.key(
            build(self.folder / "myapp-runner", self.folder / "myapp"), artifact, libtorch(Path(root)), limits
        )


class TestProof:
    @pytest.fixture
    def proven(self, tmp_path: Path) -> Proven:
        return Proven(tmp_path)

    @pytest.mark.parametrize(
        "made",
        [
            report(),
            report(
                parity(
                    passed=False, max_abs=None, max_rel=None, index=(0, 3), expected="1", actual="nan", mismatches=2
                ),
                parity(index=()),
                cpu="failed",
                demand="tolerance",
                reason="another CPU",
                tolerance={"float32": Tolerance(rtol=1e-4, atol=1e-5)},
            ),
        ],
        ids=["proven", "failed"],
    )
    def test_a_report_is_read_as_it_was_written(self, tmp_path: Path, made: ParityReport) -> None:
        """Only what was proven: anything else is proven again."""
        proof_cache.write(tmp_path, "key", made)
        assert proof_cache.read(tmp_path, "key") == (made if made.passed else None)

    def test_a_proof_of_other_files_is_none(self, tmp_path: Path) -> None:
        proof_cache.write(tmp_path, "key", report())
        assert proof_cache.read(tmp_path, "another key") is None

    @pytest.mark.parametrize(
        "text",
        [
            None,
            "",
            "[]",
            "{}",
            '{"key": "key"}',
            '{"key": "key", "report": {"cases": []}}',
            '{"key": "key", "report": 3}',
        ],
    )
    def test_a_broken_proof_is_none(self, tmp_path: Path, text: str | None) -> None:
        if text is not None:
            (tmp_path / "proof.json").write_text(text, encoding="utf-8")
        assert proof_cache.read(tmp_path, "key") is None

    def test_it_rests_on_the_runner_the_model_the_libtorch_and_the_tolerance(self, proven: Proven) -> None:
        keys = [proven.key(), proven.key(root="/opt/other"), proven.key(tolerance=1e-3)]
        (proven.folder / "myapp-runner").write_bytes(b"another runner")
        keys.append(proven.key())
        exported(proven.folder / "model", method="script")
        keys.append(proven.key())
        assert len(set(keys)) == len(keys)

    def test_it_rests_on_nothing_else(self, proven: Proven) -> None:
        before = proven.key()
        (proven.folder / "README.md").touch()
        (proven.folder / "myapp-runner").touch()
        (proven.folder / "myapp").write_bytes(b"the user's own program")
        assert proven.key() == before


@pytest.mark.parametrize(
    ("name", "in_a_file"),
    [
        ("output", "output"),
        ("0.scores", "0.scores"),
        ("a-b_c.D9", "a-b_c.D9"),
        ("a b", "a%20b"),
        ("größe", "gr%C3%B6%C3%9Fe"),
        ("a/b\\c", "a%2Fb%5Cc"),
        ("50%", "50%25"),
        ("\t", "%09"),
        ("💡", "%F0%9F%92%A1"),
        ("A_-.z9", "A_-.z9"),
        ("images.*.size of it", "images.*.size%20of%20it"),
        ("2*x", "2%2Ax"),
        ("", ""),
    ],
)
def test_a_leaf_name_in_a_file_name(name: str, in_a_file: str) -> None:
    assert encode(name) == in_a_file
    assert decode(in_a_file) == name
