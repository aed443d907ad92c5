"""What the fuzz targets begin with: files as NumPy, tsgen and PyTorch write them, made anew where they are needed."""

from __future__ import annotations

import importlib.util
import io
import itertools
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import numpy as np

from tests.unit.signatures import DEFAULTS, ECHO, SIGNATURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tsgen.types import Node, Signature

HEAD = "tsgen-signature\t2\n"
FACTS = "model\tpackage.module:Model\nmethod\ttrace\ntorch\t2.14.1+cpu\n"
DTYPES = ("u1", "i1", "<i2", "<i4", "<i8", "<f2", "<f4", "<f8", "?", "<c8", "<c16", ">f4", "<U5", "V2", "O")
COMMANDS = (
    ("model.pt", "--input", "x=x.npy", "--input=images.0=a=b.npy", "--output", "out", "--json"),
    ("--verify", "--cases=cases", "--device", "cuda:1", "--threads", "4"),
    ("m.pt", "--stress", "8"),
    ("--bench=100", "--device=cpu"),
    ("--info", "--version", "-h", "--help"),
)
TRACED = """
import io, sys, torch
torch.manual_seed(0)
modules = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU()), torch.nn.LSTM(2, 3)
for number, (module, shape) in enumerate(zip(modules, ((2, 2), (1, 2, 2)))):
    file = io.BytesIO()
    traced = torch.jit.trace(module.eval(), torch.ones(shape))
    torch.jit.save(traced, file, _extra_files={"signature.tsgen": sys.argv[2]} if number == 0 else {})
    open(f"{sys.argv[1]}/seed-{number}", "wb").write(file.getvalue())
"""


def write(folder: Path) -> None:
    """Fill a folder for each target."""
    made: dict[str, Iterable[bytes]] = {
        "npy": arrays(),
        "signature": signatures(),
        "cases": indices(),
        "options": ("\n".join(words).encode() for words in COMMANDS),
        "archive": archives(),
        "model_file": (b"stand-in\techo\n" + text for text in signatures()),
    }
    for target, contents in made.items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for number, content in enumerate(contents):
            (folder / target / f"seed-{number}").write_bytes(content)
    if importlib.util.find_spec("torch"):
        (folder / "libtorch").mkdir(exist_ok=True)
        text = HEAD + "dim\tN\t2\ninput\tx\ttensor\tfloat32\tN,2\noutput\toutput\ttensor\tfloat32\tN,3\n"
        command = [sys.executable, "-c", TRACED, str(folder / "libtorch"), text]
        subprocess.run(command, check=True, capture_output=True)


def arrays() -> Iterator[bytes]:
    for dtype in DTYPES:
        for order in ("C", "F"):
            file = io.BytesIO()
            np.save(file, np.ones((2, 3), dtype=dtype, order=order))
            yield file.getvalue()
    for array in (np.array("größe"), np.array(1.5), np.zeros((0, 2))):
        file = io.BytesIO()
        np.save(file, array)
        yield file.getvalue()
    for version in ((2, 0), (3, 0)):
        file = io.BytesIO()
        np.lib.format.write_array(file, np.ones(3), version=version)
        yield file.getvalue()


def signatures() -> Iterator[bytes]:
    for signature in (*SIGNATURES.values(), ECHO):
        methods = "".join(f"entry\t{quote(name)}\n{lines(it)}" for name, it in signature.methods.items())
        yield f"{HEAD}{FACTS}{lines(signature)}{methods}".encode()
    inputs = "".join(f"input\t{row(node)}\n" for node in DEFAULTS)
    more = "call\tflat\nselect\t1.0\nengine\tfbgemm\nlibrary\tmine\tlibmine.so\nsequence\ttrue\n"
    yield f"{HEAD}{FACTS}{more}{inputs}writes\tstate\thead.grid\nwrites\tinput\tk\n".encode()


def lines(signature: Signature) -> str:
    dims = "".join(f"dim\t{name}\t{size}\n" for name, size in signature.dims.items())
    return dims + _rows("input", signature.inputs) + _rows("output", signature.outputs)


def _rows(kind: str, nodes: Iterable[Node]) -> str:
    return "".join(f"{kind}\t{row(node)}\n" for node in nodes)


def row(node: Node) -> str:
    """As the worker writes it, which needs a torch to be imported."""
    parts = [quote(node.name), node.kind + ("?" if node.optional else "")]
    if node.kind == "tensor":
        parts += [str(node.dtype), "?" if node.shape is None else ",".join(map(str, node.shape))]
    elif node.kind == "record":
        parts.append(quote(node.type))
    elif node.kind == "constant":
        parts += [node.type, quote(str(node.value))]
    elif node.default is not None:
        parts.append(quote(str(node.default).lower() if isinstance(node.default, bool) else str(node.default)))
    return "\t".join(parts)


def indices() -> Iterator[bytes]:
    head = "tsgen-cases\t1\ntorch\t2.14.1+cpu\ncpu\tGenuineIntel/Xeon/AVX512\nthreads\t1\nexact\ttrue\n"
    yield f"{head}tolerance\tfloat32\t1.3e-06\t1e-05\ncase\texample\ncase\trandom-0\n".encode()
    yield f"{head}sequence\ttrue\ncase\ta\tencode\n".encode()


def archives() -> Iterator[bytes]:
    """As PyTorch lays its files out, and as somebody packs them who has unpacked them."""
    for method, wide in itertools.product((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED), (True, False)):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", method) as archive:
            for name in ("version", "data.pkl", "data/0", "code/__torch__.py", "extra/signature.tsgen"):
                with archive.open(f"archive/{name}", "w", force_zip64=wide) as record:
                    record.write(name.encode() * 20)
        yield file.getvalue()


if __name__ == "__main__":
    write(Path(sys.argv[1]))
