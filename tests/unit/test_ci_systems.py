"""From the planned legs to what GitHub and GitLab are told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tsgen.errors import ConfigError
from tsgen.matrix import systems
from tsgen.types import PLATFORMS
from tsgen.types.matrix import Leg, Planned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tsgen.types.matrix import State


def planned(aim: State = "proven", **changes: Any) -> Planned:
    fields = {
        "platform": "linux-x86_64",
        "torch_version": "2.14.1",
        "accelerator": "cpu",
        "build_type": "release",
        "compiler": "g++",
    }
    leg = Leg(**{**fields, **changes})
    return Planned(leg=leg, name=leg.name, strategy=None, target_state=aim)


def github(*legs: Planned, runners: Mapping[str, tuple[str, ...]] | None = None) -> list[dict[str, Any]]:
    made = systems.jobs("github", legs, runners or {}).text
    assert "\n" not in made, "GitHub's outputs are lines"
    document = json.loads(made)
    assert list(document) == ["include"]
    return list(document["include"])


def gitlab(*legs: Planned, runners: Mapping[str, tuple[str, ...]] | None = None) -> dict[str, Any]:
    return dict(yaml.safe_load(systems.jobs("gitlab", legs, runners or {}).text))


def test_github_gets_the_words_of_a_leg_and_its_runner() -> None:
    assert github(planned(compiler="clang++-19")) == [
        {
            "leg": "linux-x86_64-2.14.1-cpu-release-clang++-19",
            "platform": "linux-x86_64",
            "torch_version": "2.14.1",
            "accelerator": "cpu",
            "build_type": "release",
            "compiler": "clang++-19",
            "runtime": "torchscript",
            "runner": "ubuntu-24.04",
        }
    ]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_github_has_a_runner_for_each_platform(platform: str) -> None:
    """All are of the platform's own system; the linter of the workflow knows the labels."""
    (entry,) = github(planned("elsewhere", platform=platform))
    system = {"linux": "ubuntu", "macos": "macos", "windows": "windows"}[platform.partition("-")[0]]
    assert entry["runner"].startswith(f"{system}-")
    assert entry["runner"].endswith("-arm") == (platform in {"linux-aarch64", "windows-arm64"})
    assert entry["runner"].endswith("-intel") == (platform == "macos-x86_64")


def test_a_leg_that_cannot_exist_is_left_out_in_silence() -> None:
    made = systems.jobs("github", [planned(), planned("impossible", platform="macos-x86_64")], {})
    assert len(json.loads(made.text)["include"]) == 1
    assert made.left_out == ()


@pytest.mark.parametrize("system", list(systems.SYSTEMS))
@pytest.mark.parametrize(("accelerator", "key"), [("cu130", "linux-x86_64:cuda"), ("rocm7.2", "linux-x86_64:rocm")])
def test_a_gpu_wants_a_runner_that_is_named(system: str, accelerator: str, key: str) -> None:
    legs = [planned(), planned(accelerator=accelerator)]
    made = systems.jobs(system, legs, {})
    assert legs[1].name not in made.text
    assert len(made.left_out) == 1
    assert legs[1].name in made.left_out[0]
    assert f'"{key}" = "LABEL"' in made.left_out[0]
    named = systems.jobs(system, legs, {key: ("my-gpu",)})
    assert named.left_out == ()
    assert "my-gpu" in named.text


def test_several_labels_are_a_list() -> None:
    runners = {"linux-x86_64": ("self-hosted", "big")}
    assert github(planned(), runners=runners)[0]["runner"] == ["self-hosted", "big"]
    assert gitlab(planned(), runners=runners)[planned().name]["tags"] == ["self-hosted", "big"]


def test_githubs_limit_is_told() -> None:
    legs = [planned(torch_version=f"2.{number}.0") for number in range(257)]
    assert len(github(*legs[:256])) == 256
    with pytest.raises(ConfigError, match="has 257 legs, and GitHub takes at most 256") as caught:
        github(*legs)
    assert "exclude" in caught.value.hint


@pytest.mark.parametrize("system", list(systems.SYSTEMS))
def test_no_leg_at_all_is_told(system: str) -> None:
    """GitHub refuses an empty matrix with a sentence that names no leg."""
    with pytest.raises(ConfigError, match="no leg of the matrix is left") as caught:
        systems.jobs(system, [planned(accelerator="cu130")], {})
    assert "linux-x86_64:cuda" in caught.value.details


def test_gitlab_gets_a_job_for_each_leg_and_one_that_merges() -> None:
    legs = [planned(), planned("elsewhere", platform="linux-aarch64")]
    pipeline = gitlab(*legs)
    assert pipeline["stages"] == ["legs", "report"]
    assert [name for name, job in pipeline.items() if isinstance(job, dict) and job.get("stage") == "legs"] == [
        leg.name for leg in legs
    ]
    assert "tags" not in pipeline[legs[0].name]
    assert pipeline[legs[1].name]["tags"] == ["saas-linux-small-arm64"]
    assert pipeline["report"]["when"] == "always"
    assert pipeline["report"]["script"][-1].endswith("matrix --merge build/matrix")


def test_gitlab_keeps_results_and_caches_inside_the_project() -> None:
    """GitLab keeps nothing that lies outside, and what a failed leg left is what is read."""
    pipeline, name = gitlab(planned()), planned().name
    job = pipeline[name]
    assert job["artifacts"]["when"] == "always"
    assert job["artifacts"]["paths"] == [f"build/matrix/{name}/result.json", f"build/matrix/{name}/leg.log"]
    kept = {f"$CI_PROJECT_DIR/{path}" for cache in job["cache"] for path in cache["paths"]}
    assert kept == {pipeline["variables"]["TSGEN_STORE"], pipeline["variables"]["SCCACHE_DIR"]}


def test_gitlab_has_no_usual_runner_for_macos_and_windows() -> None:
    legs = [planned(), planned(platform="macos-arm64", compiler="clang++")]
    made = systems.jobs("gitlab", [*legs, planned(platform="windows-x86_64", compiler="msvc")], {})
    assert len(made.left_out) == 2
    own = gitlab(*legs, runners={"macos-arm64": ("our-mac",)})[legs[1].name]
    assert own["tags"] == ["our-mac"]
    assert "image" not in own
    assert not [line for line in own["script"] if "apt-get" in line]
