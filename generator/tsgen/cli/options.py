"""The options that commands share: the same word, the same variable and the same help wherever they appear."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from tsgen import libtorch, model
from tsgen.config import relative_to
from tsgen.console import note
from tsgen.types import BuildType, CompileCache, Device, Method, RuntimeName, Tune

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[..., Any]
    Decorator = Callable[[Command], Command]


def _option(*words: str, **attributes: Any) -> Decorator:
    """An option with its TSGEN_* variable."""
    variable = f"TSGEN_{words[0].lstrip('-').replace('-', '_').upper()}"
    return click.option(*words, envvar=variable, show_envvar=True, **attributes)


def _all(*decorators: Decorator) -> Decorator:
    def decorate(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


op_libraries_option = _option(
    "--op-library",
    "op_libraries",
    metavar="FILE",
    multiple=True,
    help="A shared library that registers operators which the model calls.",
)
model_options = _all(
    _option(
        "--model-arg",
        "model_args",
        metavar="K=V",
        multiple=True,
        help="An argument for the factory; V is JSON or a string.",
    ),
    _option(
        "--weights",
        metavar="none|DEFAULT|FILE[#KEY]",
        help="Random from --seed, the published ones, or a file (.pt, .ckpt, .safetensors).  [default: none]",
    ),
    _option(
        "--input",
        "inputs",
        metavar="[NAME=]SHAPE[:DTYPE]",
        multiple=True,
        help="An example input: Nx3x224x224, ids=Nx16:int64, Nx3xH@64xW@64, images.0=3x200x300, or a value: k==3. "
        "Names are dynamic dimensions.",
    ),
    _option("--method", type=click.Choice(get_args(Method)), help="How to export.  [default: auto]"),
    _option(
        "--tune",
        type=click.Choice(get_args(Tune)),
        help="Make the export faster although its last bits change: refused beyond the tolerance.  [default: none]",
    ),
    _option(
        "--runtime",
        type=click.Choice(get_args(RuntimeName)),
        help="What executes the model in C++: LibTorch's interpreter, or C++ that is written for the model.  "
        "[default: torchscript]",
    ),
    _option(
        "--packaged",
        is_flag=True,
        default=None,
        help="With --runtime aotinductor: a library that is compiled with the export, for CPUs like this one.",
    ),
    _option("--seed", type=int, help="For random weights and inputs.  [default: 0]"),
    _option(
        "--reinit-weights",
        is_flag=True,
        default=None,
        help="Give the model random weights under which its answer depends on its input.",
    ),
    _option("--livened", is_flag=True, default=None, hidden=True, help="The former name of --reinit-weights."),
    _option(
        "--unsafe-pickle",
        is_flag=True,
        default=None,
        help="Unpickle the weights file whole, which runs whatever code it holds.",
    ),
    _option(
        "--preprocess",
        metavar="weights|imagenet|timm|FILE.py:NAME[,hwc]",
        help="Bake this preprocessing into the model, which then takes uint8 images.",
    ),
    op_libraries_option,
)
locked_option = click.option(
    "--locked", is_flag=True, default=None, help="Refuse a LibTorch or a model that differs from tsgen.lock."
)
offline_option = _option(
    "--offline", is_flag=True, default=None, help="Take what is on this machine, ask no index and no server."
)
python_option = _option("--python", metavar="EXE", help="The Python that has the model's torch.")
compile_cache_option = _option(
    "--compile-cache",
    type=click.Choice(get_args(CompileCache)),
    help="What remembers what the compiler made.  [default: auto]",
)
lfs_option = _option(
    "--lfs", is_flag=True, default=None, help="Keep model and cases in Git LFS: .gitattributes names them."
)
libtorch_options = _all(
    # Before --device: click 8.1 lets the last of the two look for the variable.
    click.option("--cuda", "device", flag_value="cuda", default=None, help="The same as --device cuda."),
    _option(
        "--device",
        type=click.Choice(get_args(Device)),
        help="Where it is proven; cuda: on the CPU, and on the GPU if there is one.  [default: cpu]",
    ),
    _option(
        "--libtorch",
        metavar="auto|installed|wheel|archive|conan|FOLDER",
        help="Where LibTorch comes from.  [default: auto]",
    ),
    _option("--torch-version", metavar="V", help="Of the LibTorch.  [default: the version that exports the model]"),
    _option("--accelerator", metavar="cpu|cuXXX|rocmX.Y", help="Of the LibTorch.  [default: what --device needs]"),
    _option(
        "--older-libtorch",
        is_flag=True,
        default=None,
        help="Accept a LibTorch older than the torch that exports the model.",
    ),
    offline_option,
    _option("--build-type", type=click.Choice(get_args(BuildType)), help="How to compile.  [default: release]"),
    compile_cache_option,
    python_option,
)
output_options = _all(
    click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout; words go to stderr."),
    click.option("-v", "--verbose", is_flag=True, help="Show every command that is run."),
)


def given(words: dict[str, Any], home: Path) -> dict[str, Any]:
    """Only what was said, since an option that was left out must not hide what tsgen.toml says.

    A file is named from where the user stands; Config has it relative to the project, which stands at `home`.
    """
    options = {key: value for key, value in words.items() if value not in (None, ())}
    if options.pop("livened", False):
        note("--livened is called --reinit-weights now; the old word goes with the next version")
        options["reinit_weights"] = True
    if "model" in options:
        options["model"] = model.rebased(options["model"], home)
    if options.get("weights", "none") not in {"none", "DEFAULT"}:
        options["weights"] = _from_home(options["weights"], home)
    if "op_libraries" in options:
        options["op_libraries"] = tuple(_from_home(name, home) for name in options["op_libraries"])
    file, colon, name = options.get("preprocess", "").rpartition(":")
    if colon:
        options["preprocess"] = f"{_from_home(file, home)}:{name}"
    if libtorch.is_folder(options.get("libtorch", "")):
        options["libtorch"] = str(Path(options["libtorch"]).expanduser().absolute())
    return options


def _from_home(name: str, home: Path) -> str:
    return relative_to(Path(name).expanduser().absolute(), home)
