"""Finds a strategy by what people write: an example's name, the name of a file in QBTC_HOME/strategies, or PATH.py[:Class].

Loading a file runs it: a strategy is code of the person who owns this machine, and its path comes from settings or the
command line, never over the network.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import inspect
import shutil
import sys
import traceback
from pathlib import Path
from types import ModuleType

from ..domain.orders import RESERVED
from ..domain.strategy import Strategy, StrategyFault
from ..domain.strategy_class import METHODS
from ..errors import BadParameter, NoSuchStrategy
from ..strategies import EXAMPLES

NAMES = f"a letter or _ first, then letters, digits and _; not an example's name and none of {', '.join(sorted(RESERVED))}"
POSITION = "position"
"""Name of the function that says what to hold at every bar (`position_files`)."""
DIGEST = "__qbtc_digest__"
EXAMPLES_FOLDER = Path(__file__).parent.parent / "strategies"


def folder(home: Path) -> Path:
    """Where a person's own strategies are."""
    return home / "strategies"


def own(home: Path) -> dict[str, Path]:
    """The person's own strategies by name."""
    found = folder(home)
    return {path.stem: path for path in sorted(found.glob("*.py"))} if found.is_dir() else {}


def load(strategy: str, home: Path, *, plain: bool = False) -> Strategy:
    """`plain`: not to be compiled. Raises NoSuchStrategy, which says what there is, or StrategyFault."""
    if strategy in EXAMPLES:
        module = importlib.import_module(f"qbtc.hft.strategies.{strategy}")
        digest = source_digest(EXAMPLES_FOLDER / f"{strategy}.py")
        return Strategy(getattr(module, EXAMPLES[strategy]), name=strategy, plain=plain, digest=digest)
    path, class_name = located(strategy, home)
    if path.stem in RESERVED:
        raise NoSuchStrategy(f"{path} has a name that is not free", field="strategy", allowed=NAMES)
    module = run_file(path)
    return Strategy(_class(module, path, class_name), name=path.stem, plain=plain, digest=vars(module)[DIGEST])


def load_all(chosen: tuple[str, ...], home: Path) -> tuple[list[Strategy], list[str], dict[str, str]]:
    """Every example, the person's own files and what was chosen; names of the chosen; what could not be loaded and why."""
    made, faults = dict[str, Strategy](), dict[str, str]()
    for wanted in (*EXAMPLES, *own(home), *chosen):
        try:
            strategy = load(wanted, home)
            if strategy.name in EXAMPLES and wanted not in EXAMPLES:
                raise NoSuchStrategy(f"{wanted} is named like the example {strategy.name!r}; give it another name")
            made.setdefault(strategy.name, strategy)
        except Exception as error:  # a person's file may do anything; it must not keep the engine from starting
            faults[wanted] = str(error) or repr(error)
    names = [name for text in chosen if text not in faults and (name := name_of(text)) in made]
    return list(made.values()), names, faults


def copy(name: str, example: str, into: Path) -> Path:
    """A copy of an example under a new name, to be changed. Raises NoSuchStrategy and BadParameter."""
    if example not in EXAMPLES:
        raise NoSuchStrategy(f"no example {example!r}", field="from", allowed=[*EXAMPLES])
    if not name.isidentifier() or name in EXAMPLES or name in RESERVED:
        raise BadParameter(
            f"{name!r} cannot be a strategy's name",
            field="name",
            allowed=NAMES,
        )
    target = into / f"{name}.py"
    if target.exists():
        raise BadParameter(f"{target} exists already", field="name")
    into.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(EXAMPLES_FOLDER / f"{example}.py", target)
    return target


def name_of(text: str) -> str:
    """The name of what `load` takes."""
    path = text.rpartition(":")[0] if ".py:" in text else text
    return Path(path).stem if path.endswith(".py") else path


def located(text: str, home: Path) -> tuple[Path, str]:
    """(file, class) of what people write. Raises NoSuchStrategy."""
    path, _, class_name = text.partition(".py:") if ".py:" in text else (text.removesuffix(".py"), "", "")
    asked = Path(f"{path}.py").expanduser()
    mine = own(home)
    if not text.endswith(".py") and ".py:" not in text:
        asked = mine.get(text, asked)
    if not asked.is_file():
        raise NoSuchStrategy(
            f"there is no strategy {text!r}", field="strategy", allowed=[*EXAMPLES, *mine, "PATH.py", "PATH.py:Class"]
        )
    return asked.resolve(), class_name


def source_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run_file(path: Path) -> ModuleType:
    """The file as a module under a name of its own; the compiler's cache finds it again by that name. What was read is in
    its `DIGEST`, since the file may be edited while it runs. Raises StrategyFault."""
    name = f"qbtc_strategy_{path.stem}_{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise StrategyFault("the file cannot be loaded as a module", path=str(path), line=1)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    source = path.read_bytes()
    vars(module)[DIGEST] = hashlib.sha256(source).hexdigest()
    try:
        # not `exec_module`, which would run the byte code of a file that was edited within the same second
        exec(compile(source, str(path), "exec"), vars(module))  # noqa: S102 - it is this person's own code
    except SyntaxError as error:
        raise StrategyFault(f"{error.msg}", path=str(path), line=error.lineno or 1) from None
    except Exception as error:
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
        line = (lines or [1])[-1] or 1
        raise StrategyFault(f"{type(error).__name__}: {error}", path=str(path), line=line) from None
    return module


def _class(module: ModuleType, path: Path, wanted: str) -> type:
    found = {
        name: cls
        for name, cls in vars(module).items()
        if inspect.isclass(cls) and cls.__module__ == module.__name__ and any(m in vars(cls) for m in METHODS)
    }
    if wanted:
        if wanted not in found:
            raise NoSuchStrategy(f"no strategy class {wanted!r} in {path}", field="strategy", allowed=[*found])
        return found[wanted]
    if len(found) != 1:
        listed = (
            f"has {', '.join(found)}: say which, as {path}:Class"
            if found
            else f"has no class with {', '.join(METHODS)}"
        )
        if not found and callable(getattr(module, POSITION, None)):
            listed += f"; it has {POSITION}(bars, …), so say what bars to make, such as --bars 1m"
        raise StrategyFault(listed, path=str(path), line=1)
    return next(iter(found.values()))
