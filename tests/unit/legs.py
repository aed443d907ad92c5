"""A matrix as a run on a Linux machine leaves it: legs in every state."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tsgen.types import OutputParity, ParityReport, Source, Tolerance, Verdict
from tsgen.types.matrix import Leg, LegResult, MatrixReport, Measured

from .make import libtorch

if TYPE_CHECKING:
    from tsgen.types.matrix import State, StrategyName

CASES = ("ones", "random-1", "random-2", "size-N-3")
TOLERANCE = {
    "float64": Tolerance(rtol=1e-7, atol=1e-9),
    "float32": Tolerance(rtol=1e-4, atol=1e-5),
    "float16": Tolerance(rtol=2e-3, atol=1e-3),
    "complex64": Tolerance(rtol=1e-4, atol=1e-5),
}
NASTY = "<script>alert('a leg')</script> \"quoted\" & 'so'"
MAC = "there is no Mac here to run it on"
RUNNER = "a Windows runner"
LAST = "torch 2.3 was the last for macos-x86_64"
ARM = "torch 2.13.0 has no LibTorch for windows-arm64: the first is 2.14"


def leg(platform: str = "linux-x86_64", version: str = "2.14.1", compiler: str = "g++", **changes: Any) -> Leg:
    made = Leg(platform=platform, torch_version=version, accelerator="cpu", build_type="release", compiler=compiler)
    return replace(made, **changes)


def compared(*errors: float | None, output: str = "output", **changes: Any) -> tuple[OutputParity, ...]:
    """One output over the cases."""
    return tuple(
        OutputParity(
            name=case,
            output=output,
            passed=True,
            max_abs=error,
            max_rel=error and error * 3,
            mismatches=0,
            **{"dtype": "float32", **changes},
        )
        for case, error in zip(CASES, errors, strict=False)
    )


def parity(*cases: OutputParity, **changes: Any) -> ParityReport:
    loose = any(case.max_abs for case in cases)
    made = ParityReport(
        passed=all(case.passed for case in cases),
        demand="tolerance" if loose else "exact",
        reason="LibTorch 2.13.0 runs what torch 2.14.1 exported" if loose else "",
        tolerance=TOLERANCE if loose else {},
        devices={"cpu": Verdict("proven" if all(case.passed for case in cases) else "failed")},
        cases=cases or compared(0.0, 0.0, 0.0, 0.0),
        milliseconds=14.7,
        python_milliseconds=20.3,
    )
    return replace(made, **changes)


def measured(milliseconds: float = 14.7, cold: float = 412.0, **changes: Any) -> Measured:
    made = Measured(
        milliseconds=milliseconds,
        python_milliseconds=20.3,
        cold_start_milliseconds=cold,
        python_cold_start_milliseconds=2140.0,
        program_bytes=412_000,
        model_bytes=46_800_000,
        libtorch_bytes=278_000_000,
    )
    return replace(made, **changes)


def result(which: Leg, state: State = "proven", strategy: StrategyName | None = "native", **changes: Any) -> LegResult:
    made = LegResult(leg=which, name=which.name, state=state, strategy=strategy)
    return replace(made, **changes)


def proven(which: Leg, *cases: OutputParity, time: Measured | None = None, **changes: Any) -> LegResult:
    words = {"parity": parity(*cases), "measured": time or measured(), "log": f"{which.name}/log.txt"}
    return result(which, **{**words, **_circumstances(which), **changes})


def _circumstances(which: Leg) -> dict[str, Any]:
    source = Source(file=f"torch-{which.torch_version}-cp311-none-any.whl", sha256="a3" * 32)
    version = f"{which.torch_version}+cpu"
    found = libtorch(
        platform=which.platform, build_type=which.build_type, version=version, origin="wheel", sources=(source,)
    )
    return {
        "libtorch": found.pin,
        "compiler": f"{which.compiler} 12.2",
        "machine": "Linux x86_64, 2 cores",
        "date": "2026-11-25T16:20:00Z",
        "timings": {"resolve": 0.1, "build": 14.9, "prove": 0.7},
    }


def _native() -> list[LegResult]:
    """Two versions, two compilers, two build types; the older version rounds elsewhere."""
    found = []
    for version in ("2.14.1", "2.13.0", "2.9.1"):
        for compiler in ("g++", "clang++-19"):
            for build_type in ("release", "debug"):
                which = leg(version=version, compiler=compiler, build_type=build_type)
                slow = measured(14.7 if compiler == "g++" else 15.2, 412.0 if build_type == "release" else 530.0)
                errors = {"2.14.1": (0.0,) * 4, "2.13.0": (0.0, 2.4e-7, 1.2e-7, 4.8e-7), "2.9.1": (3e-6,) * 4}[version]
                found.append(proven(which, *compared(*errors), time=slow, up_to_date=version == "2.9.1"))
    return found


def _failed() -> LegResult:
    bad = OutputParity(
        name="random-2", output="output", passed=False, max_abs=0.031, max_rel=0.8, mismatches=12, index=(0, 7),
        expected="1.25", actual="1.281", dtype="float32",
    )  # fmt: skip
    return proven(
        leg(version="2.9.1", compiler="clang++-14"),
        *compared(3e-6, 4e-6),
        bad,
        state="failed",
        reason="C++ and Python differ: case random-2, output output, index [0,7]: C++ 1.281, Python 1.25",
        hint="if the difference is harmless for you, widen [tolerance] in tsgen.toml",
    )


def _cross() -> list[LegResult]:
    slow = measured(1870.0, 31_000.0, python_cold_start_milliseconds=None, libtorch_bytes=301_000_000)
    checked = ("every library is for aarch64", "the oldest glibc that will do is 2.28")
    arms = [leg("linux-aarch64", version, "aarch64-linux-gnu-g++") for version in ("2.14.1", "2.13.0")]
    macs = [leg("macos-arm64", version, "zig c++") for version in ("2.14.1", "2.13.0")]
    facts = ("it needs macOS 14.0 or newer", "every symbol that is bound has a library")
    return [
        *(proven(each, *compared(5e-7, 6e-7, 9e-7), time=slow, strategy="emulated", facts=checked) for each in arms),
        *(result(each, "linked", "link", reason=MAC, facts=facts, **_circumstances(each)) for each in macs),
    ]


def _others() -> list[LegResult]:
    windows = leg("windows-x86_64", compiler="clang-cl")
    tool = "install it: apt-get install clang lld"
    return [
        result(
            windows, "configured", "configure", reason="compiling needs Microsoft's headers", hint="a Windows runner"
        ),
        result(replace(windows, torch_version="2.13.0"), "lacking", None, reason="no clang-cl here", hint=tool),
        result(
            replace(windows, compiler="msvc"), "elsewhere", None, reason="MSVC runs on Windows", hint="a Windows runner"
        ),
        result(
            leg("macos-x86_64", compiler="clang++"),
            "impossible",
            None,
            reason=LAST,
        ),
        result(leg("windows-arm64", "2.13.0", "msvc"), "impossible", None, reason=ARM, hint="take 2.14.1"),
        result(leg("windows-arm64", "2.9.1", "msvc"), "impossible", None, reason=ARM, hint="take 2.14.1"),
    ]


def report(*legs: LegResult, **changes: Any) -> MatrixReport:
    made = MatrixReport(
        project="myapp",
        model="resnet18",
        model_sha256="5f" * 32,
        torch_version="2.14.1+cu130",
        tsgen_version="0.1.0",
        legs=legs,
    )
    return replace(made, **changes)


def realistic() -> MatrixReport:
    return report(*_native(), _failed(), *_cross(), *_others())
