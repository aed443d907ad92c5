"""@NAMESPACE@::@NAME@ against plain torch. Run it after `tsgen build`: python ops/test_@NAME@.py, or with pytest."""

from pathlib import Path

import torch

BUILD = Path(__file__).resolve().parent.parent / "build"
LIBRARIES = [path for path in BUILD.glob("*/*@PROJECT@-ops.*") if path.suffix in {".so", ".dylib", ".dll"}]
torch.ops.load_library(max(LIBRARIES, key=lambda path: path.stat().st_mtime))
DEVICES = ["cpu", "cuda"] if torch.cuda.is_available() and Path(__file__).with_name("@NAME@.cu").exists() else ["cpu"]


def expected(x: torch.Tensor, a: float, b: float) -> torch.Tensor:
    """What the operator is to compute, in plain torch."""
    return a * x + b


def test_values() -> None:
    for device in DEVICES:
        for dtype in (torch.float32, torch.float64):
            for x in (torch.randn(3, 5), torch.randn(4, 6).t(), torch.randn(0, 2), torch.tensor(1.5)):
                given = x.to(device, dtype)
                actual = torch.ops.@NAMESPACE@.@NAME@(given, 2.0, -1.0)
                torch.testing.assert_close(actual, expected(given, 2.0, -1.0))


def test_shapes_and_dtypes_without_values() -> None:
    for shape in ((3, 5), (0, 2), ()):
        x = torch.randn(shape, dtype=torch.float64)
        meta, real = torch.ops.@NAMESPACE@.@NAME@(x.to("meta"), 2.0, -1.0), torch.ops.@NAMESPACE@.@NAME@(x, 2.0, -1.0)
        assert (meta.shape, meta.dtype, meta.stride()) == (real.shape, real.dtype, real.stride())


if __name__ == "__main__":
    test_values()
    test_shapes_and_dtypes_without_values()
    print("ok")  # noqa: T201
