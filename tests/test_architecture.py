"""The layout of docs/architecture.md as a failing check: direction, cycles, hidden imports, signals, sizes, money."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = {
    "jobbook.common": 0,
    "jobbook.accounts": 1,
    "jobbook.jobs": 2,
    "invoices": 3,
    "exports": 4,
    "backlog": 5,
    "jobbook.transfer": 5,
    "jobbook.reports": 6,
}
ABOVE_ALL = {"jobbook.settings", "jobbook.urls", "jobbook.celery", "jobbook.wsgi", "jobbook.env"}
FIRST_PARTY = ("jobbook", "invoices", "exports", "backlog")

# path[:name] -> why the rule is broken there
ALLOWED: dict[str, str] = {
    "jobbook/common/apps.py:ready": "Django registers checks and receivers in ready(); imports before it need the apps",
    "jobbook/transfer/apps.py:ready": "Django registers checks in ready(); imports before it need the apps",
    "jobbook/common/apps.py:_prepare_database": "imports the models, so it cannot stand at the top of apps.py",
    "jobbook/celery.py:check_settings": "Celery loads this module before Django is set up",
    "jobbook/common/failpoints.py": "the seconds of a sleep are a float",
    "jobbook/common/apps.py": "post_migrate puts the audit triggers back: the one receiver",
}
MONEY_ONLY = (
    r"\bfloat\(",
    r"output_field=MoneyField",
    r"\bCast\(",
    r"ExpressionWrapper",
    r"ROUND_HALF",
    r"\bDecimalField\(",
)


def parts_of(path: Path) -> tuple[str, ...]:
    """The folders below the checkout, whatever that lies in."""
    return path.relative_to(ROOT).parts


@cache
def python_files(*, tests: bool = False) -> list[Path]:
    folders = ("jobbook", "invoices", "exports", "backlog") + (("tests",) if tests else ())
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in files if "migrations" not in parts_of(path))


@cache
def text_of(path: Path) -> str:
    return path.read_text()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def layer_of(module: str) -> str | None:
    return next((layer for layer in LAYERS if module == layer or module.startswith(layer + ".")), None)


def lines_of(path: Path) -> int:
    return text_of(path).count("\n")


@cache
def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef)]


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []


def imports_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        yield from (name for name in imported(node) if name.split(".")[0] in FIRST_PARTY)


def imports_go_down(path: Path) -> Iterator[str]:
    """The layers import downwards only; settings and urls sit above all."""
    own = layer_of(module_of(path))
    if own is None:
        return
    for name in imports_of(tree_of(path)):
        if name in ABOVE_ALL and name != "jobbook.env":
            yield f"imports {name}, which sits above all apps"
        other = layer_of(name)
        if other and other != own and LAYERS[other] >= LAYERS[own]:
            yield f"({own}) imports {name}"


def imports_are_not_hidden(path: Path) -> Iterator[str]:
    for function in functions(path):
        hidden = list(imports_of(function))
        if hidden and f"{name_of(path)}:{function.name}" not in ALLOWED:
            yield f"{function.lineno} {function.name} hides an import of {hidden}"


def no_model_signals(path: Path) -> Iterator[str]:
    found = re.search(r"@receiver|\b(pre|post)_(save|delete|init|migrate)\b|m2m_changed", text_of(path))
    if found and name_of(path) not in ALLOWED:
        yield f"listens to a signal: {found[0]}"


def sizes(path: Path) -> Iterator[str]:
    is_large = "models" in parts_of(path) or path.name == "models.py" or "tests" in parts_of(path)
    limit = 400 if is_large else 300
    if lines_of(path) > limit:
        yield f"has {lines_of(path)} lines, the limit is {limit}"
    for function in functions(path):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > 40 and f"{name_of(path)}:{function.name}" not in ALLOWED:
            yield f"{function.lineno} {function.name} has {length} lines, the limit is 40"


def money_is_typed_and_rounded_in_one_place(path: Path) -> Iterator[str]:
    if name_of(path) == "jobbook/common/money.py" or name_of(path) in ALLOWED or "tests" in parts_of(path):
        return
    for pattern in MONEY_ONLY:
        if re.search(pattern, text_of(path)):
            yield f"{pattern} belongs to jobbook/common/money.py"


def functions_are_annotated(path: Path) -> Iterator[str]:
    for function in functions(path):
        if function.returns is None:
            yield f"{function.lineno} {function.name} has no return type"


def formats_are_pure(path: Path) -> Iterator[str]:
    """A file format sees frozen documents: no queries, no Celery, no settings."""
    if "formats" in parts_of(path) and "tests" not in parts_of(path):
        found = re.search(r"\.objects\b|from celery|django\.db\b|django\.conf", text_of(path))
        if found:
            yield f"is not pure: {found[0]}"


RULES: tuple[Callable[[Path], Iterator[str]], ...] = (
    imports_go_down,
    imports_are_not_hidden,
    no_model_signals,
    sizes,
    money_is_typed_and_rounded_in_one_place,
    functions_are_annotated,
    formats_are_pure,
)
OF_TESTS_TOO = {sizes}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(rule: Callable[[Path], Iterator[str]]) -> None:
    files = python_files(tests=rule in OF_TESTS_TOO)
    faults = [f"{name_of(path)}: {fault}" for path in files for fault in rule(path)]
    assert not faults, "\n".join(faults)


def test_no_module_cycles() -> None:
    graph = {module_of(path): set(imports_of(tree_of(path))) for path in python_files()}
    done: set[str] = set()

    def visit(module: str, trail: list[str]) -> None:
        assert module not in trail, " -> ".join([*trail[trail.index(module) :], module])
        if module in done or module not in graph:
            return
        for other in sorted(graph[module]):
            visit(other, [*trail, module])
        done.add(module)

    for module in graph:
        visit(module, [])


def test_sizes_of_templates_and_scripts() -> None:
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "js").glob("*.js")]
    assert files
    for path in files:
        assert lines_of(path) <= 150, f"{name_of(path)} has {lines_of(path)} lines, the limit is 150"


def test_the_allow_list_is_used() -> None:
    """An exception that is no longer needed goes."""
    for entry in ALLOWED:
        path, _, name = entry.partition(":")
        assert (ROOT / path).is_file(), entry
        assert not name or name in {function.name for function in functions(ROOT / path)}, entry
