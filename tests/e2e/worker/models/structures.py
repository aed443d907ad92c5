"""Models of every structure, saved as the contract of file formats says, without the worker.

python structures.py FOLDER
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from structured import DTYPES, Coder, Counter, Defaulted, Detector, Dtypes, Flat, How, Nested, Options, Point
from torch import Tensor, nn

Case = tuple[str, dict[str, Any], dict[str, Any]]
"""(name, inputs, outputs)."""


def array(value: Any) -> Any:
    """What a leaf is in a .npy file."""
    if isinstance(value, str):
        return np.frombuffer(value.encode(), dtype=np.uint8)
    if not isinstance(value, Tensor):
        return np.array(value)
    if value.dtype == torch.bfloat16:
        return value.contiguous().view(torch.int16).numpy().view("V2")
    return value.detach().numpy()


def save_case(folder: Path, kind: str, leaves: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in leaves.items():
        np.save(folder / f"{kind}.{name}.npy", array(value))


def save(folder: Path, model: Any, signature: str, cases: list[Case], *index: str) -> None:
    """A case's name may hold a tab and the method that it calls."""
    folder.mkdir()
    head = f"tsgen-signature\t2\nmodel\t{folder.name}\nmethod\tscript\ntorch\t{torch.__version__}\n"
    fields = [line.strip().replace(" ", "\t").replace("()", "") for line in signature.strip().splitlines()]
    text = head + "\n".join(fields) + "\n"
    torch.jit.save(model, str(folder / "model.pt"), _extra_files={"signature.tsgen": text})
    dtypes = ["float16", "bfloat16", "float32", "float64", "complex64", "complex128"]
    tolerances = [f"tolerance\t{dtype}\t0\t0" for dtype in dtypes]
    names = [f"case\t{name}" for name, _, _ in cases]
    lines = ["tsgen-cases\t1", f"torch\t{torch.__version__}", "threads\t1", "exact\ttrue", *index, *tolerances, *names]
    for name, inputs, outputs in cases:
        save_case(folder / "cases" / name.split("\t")[0], "input", inputs)
        save_case(folder / "cases" / name.split("\t")[0], "output", outputs)
    (folder / "cases" / "index.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def detector(folder: Path) -> None:
    model = Detector()

    def case(name: str, *images: Tensor, **more: float) -> Case:
        _, found = model(list(images), **more)
        leaves = {f"{i}.{key}": value for i, one in enumerate(found) for key, value in one.items()}
        return name, {**{f"images.{i}": image for i, image in enumerate(images)}, **more}, leaves

    signature = """
        select 1
        dim H 4
        dim W 5
        input images list
        input images.* tensor float32 3,H,W
        input threshold float?
        output  list
        output * record
        output *.boxes tensor float32 M,1
        output *.scores tensor float32 M"""
    several = [torch.rand(3, 4 + i % 3, 5 - i % 2) for i in range(12)]
    cases = [case("twelve", *several), case("one", several[0], threshold=0.25), case("none")]
    save(folder, torch.jit.script(model), signature, cases)


def options(folder: Path) -> None:
    model = Options()

    def case(name: str, **values: Any) -> Case:
        answer = model(**values)._asdict()
        return name, values, {key: value for key, value in answer.items() if value is not None}

    signature = """
        dim N 2
        input x tensor float32 N,3
        input k int
        input scale float
        input flip bool
        input mode str
        input mask tensor? float32 N,3
        input bias int?
        output  record Answer
        output total tensor float32 ()
        output extra tensor? float32 N,3
        output count int
        output ratio float
        output label str
        output large bool"""
    x = torch.rand(2, 3)
    plain = case("plain", x=x, k=2, scale=0.5, flip=False, mode="käse")
    full = case("full", x=torch.rand(4, 3), k=-1, scale=2.0, flip=True, mode="", mask=torch.rand(4, 3), bias=7)
    save(folder, torch.jit.script(model), signature, [plain, full])


def defaulted(folder: Path) -> None:
    model = Defaulted()

    def case(name: str, x: Tensor, how: How, **more: Any) -> Case:
        answer = model(x, how, **more)
        given = {key: value for key, value in more.items() if value is not None}
        inputs = {"x": x, "how.scale": how.scale, "how.flip": how.flip, **given}
        return name, inputs, {str(i): part for i, part in enumerate(answer)}

    signature = """
        dim N 2
        input x tensor float32 N
        input how record How
        input how.scale float
        input how.flip bool false
        input k int 3
        input far float inf
        input mode str a%20b
        input bias int? 7
        output  tuple
        output 0 tensor float32 N
        output 1 int
        output 2 float
        output 3 str"""
    given = {"k": -2, "far": 0.1, "mode": "c"}
    cases = [case("given", torch.rand(2), How(0.5, flip=True), bias=1, **given)]
    cases.append(case("none", torch.rand(3), How(2.0), bias=None, **given))
    save(folder, torch.jit.script(model), signature, cases)


def nested(folder: Path) -> None:
    model = Nested()
    a, b, c, d = torch.rand(4, 2, 2)

    def case(name: str, *parts: Tensor) -> Case:
        answer, (moved, sizes), _, rest = model({"a": a, "b": b}, {0: c, 7: d}, (a, list(parts)), Point(c, d))
        inputs = {"batch.a": a, "batch.b": b, "levels.0": c, "levels.7": d, "pair.0": a, "point.x": c, "point.y": d}
        inputs.update({f"pair.1.{i}": part for i, part in enumerate(parts)})
        outputs = {"0.sum": answer["sum"], "0.levels": answer["levels"], "1.0": moved}
        outputs.update({f"1.1.{i}": size for i, size in enumerate(sizes)})
        outputs.update({f"3.{i}": one for i, one in enumerate(rest) if one is not None})
        return name, inputs, outputs

    signature = """
        dim P 2
        input batch record
        input batch.a tensor float32 2,2
        input batch.b tensor float32 2,2
        input levels record
        input levels.0 tensor float32 2,2
        input levels.7 tensor float32 2,2
        input pair tuple
        input pair.0 tensor float32 2,2
        input pair.1 list
        input pair.1.* tensor float32 P
        input point record Point
        input point.x tensor float32 2,2
        input point.y tensor float32 2,2
        output  tuple
        output 0 record
        output 0.sum tensor float32 2,2
        output 0.levels tensor float32 2,2
        output 1 tuple
        output 1.0 tensor float32 2,2
        output 1.1 list
        output 1.1.* int
        output 2 none
        output 3 list
        output 3.* tensor? float32 P"""
    cases = [case("three", torch.rand(3), torch.rand(1), torch.rand(2)), case("empty")]
    save(folder, torch.jit.script(model), signature, cases)


def flat(folder: Path) -> None:
    model = Flat()

    def case(name: str, x: Tensor, k: int, scale: float, *, flip: bool) -> Case:
        leaves = model(x, torch.tensor(k), torch.tensor(scale, dtype=torch.float64), torch.tensor(flip))
        inputs = {"x": x, "k": k, "how.scale": scale, "how.flip": flip}
        return name, inputs, dict(zip(("logits", "cache.0", "cache.1"), leaves, strict=True))

    signature = """
        call flat
        dim N 2
        input x tensor float32 N,3
        input k int
        input how record
        input how.scale float
        input how.flip bool?
        output  record HeadOutput
        output logits tensor float32 N,2
        output version constant int 3
        output hidden none
        output cache tuple
        output cache.0 int
        output cache.1 tensor float32 3"""
    example = (torch.rand(2, 3), torch.tensor(1), torch.tensor(0.5, dtype=torch.float64), torch.tensor(True))
    cases = [case("small", torch.rand(2, 3), 3, 0.25, flip=False), case("large", torch.rand(5, 3), -3, 1.5, flip=True)]
    save(folder, torch.jit.trace(model, example), signature, cases)


def counter(folder: Path) -> None:
    model = Counter()
    inputs = [torch.rand(2) for _ in range(3)]
    cases = [(f"step-{i}", {"x": x}, {"output": model(x)}) for i, x in enumerate(inputs)]
    signature = """
        sequence true
        input x tensor float32 2
        output output tensor float32 2"""
    save(folder, torch.jit.script(Counter()), signature, cases, "sequence\ttrue")


def coder(folder: Path) -> None:
    model = Coder()
    x = torch.rand(3, 4)
    cases = [
        ("forward", {"x": x}, {"output": model(x)}),
        ("encoded\tencode", {"x": x, "times": 3}, {"code": model.encode(x, 3)["code"]}),
    ]
    signature = """
        dim N 2
        input x tensor float32 N,4
        output output tensor float32 N,2
        entry encode
        dim N 2
        input x tensor float32 N,4
        input times int
        output  record
        output code tensor float32 N,2"""
    save(folder, torch.jit.script(model), signature, cases)


def dtypes(folder: Path) -> None:
    model = Dtypes()
    values = {name: (torch.rand(5) * 100 - (0 if name == "uint8" else 50)).to(getattr(torch, name)) for name in DTYPES}
    values["bool"] = torch.tensor([True, False, True])
    answer = model(values)
    lines = ["dim N 2", "input values record", *(f"input values.{name} tensor {name} N_{name}" for name in DTYPES)]
    lines += [f"dim N_{name} 3" for name in DTYPES] + ["output  record"]
    lines += [f"output {name} tensor {name} 2" for name in DTYPES]
    case = ("all", {f"values.{name}": value for name, value in values.items()}, answer)
    save(folder, torch.jit.script(model), "\n".join(lines), [case])


def quantized(folder: Path) -> None:
    """Its weights are packed for one engine when it is loaded: in another one the answer is far off."""
    torch.backends.quantized.engine = "qnnpack"
    stub, back = torch.ao.quantization.QuantStub(), torch.ao.quantization.DeQuantStub()
    conv = nn.Sequential(stub, nn.Conv2d(8, 8, 3, groups=8), back).eval()
    conv.qconfig = torch.ao.quantization.get_default_qconfig("qnnpack")
    prepared = torch.ao.quantization.prepare(conv)
    x = torch.randn(2, 8, 8, 8) * 3
    prepared(x)
    model = torch.ao.quantization.convert(prepared)
    signature = """
        engine qnnpack
        dim N 2
        input x tensor float32 N,8,8,8
        output output tensor float32 N,8,6,6"""
    save(folder, torch.jit.trace(model, x), signature, [("random", {"x": x}, {"output": model(x)})])


def main(root: Path) -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    root.mkdir(exist_ok=True)
    with torch.no_grad():
        for make in (detector, options, defaulted, nested, flat, counter, coder, dtypes, quantized):
            make(root / make.__name__)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
