"""The layout of docs/architecture.md as a failing check: direction, cycles, hidden imports, signals, sizes, money."""

import ast
import re
from collections.abc import Iterator
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
    "jobbook.reports": 5,
    "jobbook.transfer": 5,
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


def python_files(*, tests: bool = False) -> list[Path]:
    folders = ("jobbook", "invoices", "exports", "backlog") + (("tests",) if tests else ())
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in files if "migrations" not in path.parts)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def layer_of(module: str) -> str | None:
    return next((layer for layer in LAYERS if module == layer or module.startswith(layer + ".")), None)


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []


def imports_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        yield from (name for name in imported(node) if name.split(".")[0] in FIRST_PARTY)


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_imports_go_down_the_layers_only(path: Path) -> None:
    own = layer_of(module_of(path))
    if own is None:
        return
    for name in imports_of(ast.parse(path.read_text())):
        if name in ABOVE_ALL and name != "jobbook.env":
            pytest.fail(f"{name_of(path)} imports {name}, which sits above all apps")
        other = layer_of(name)
        if other and other != own:
            assert LAYERS[other] < LAYERS[own], f"{name_of(path)} ({own}) imports {name}"


def test_no_module_cycles() -> None:
    graph = {module_of(path): set(imports_of(ast.parse(path.read_text()))) for path in python_files()}
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


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_no_imports_hidden_in_functions(path: Path) -> None:
    for function in functions(path):
        if f"{name_of(path)}:{function.name}" in ALLOWED:
            continue
        hidden = list(imports_of(function))
        assert not hidden, f"{name_of(path)}:{function.lineno} {function.name} hides an import of {hidden}"


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_no_receivers_of_model_signals(path: Path) -> None:
    if name_of(path) in ALLOWED:
        return
    found = re.search(r"@receiver|\b(pre|post)_(save|delete|init|migrate)\b|m2m_changed", path.read_text())
    assert not found, f"{name_of(path)} listens to a signal: {found[0] if found else ''}"


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]


def lines_of(path: Path) -> int:
    return path.read_text().count("\n")


@pytest.mark.parametrize("path", python_files(tests=True), ids=name_of)
def test_sizes(path: Path) -> None:
    is_large = "models" in path.parts or path.name == "models.py" or "tests" in path.parts
    limit = 400 if is_large else 300
    assert lines_of(path) <= limit, f"{name_of(path)} has {lines_of(path)} lines, the limit is {limit}"
    for function in functions(path):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if f"{name_of(path)}:{function.name}" not in ALLOWED:
            assert length <= 40, (
                f"{name_of(path)}:{function.lineno} {function.name} has {length} lines, the limit is 40"
            )


def test_sizes_of_templates_and_scripts() -> None:
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "js").glob("*.js")]
    assert files
    for path in files:
        assert lines_of(path) <= 150, f"{name_of(path)} has {lines_of(path)} lines, the limit is 150"


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_money_is_typed_and_rounded_in_one_place(path: Path) -> None:
    if name_of(path) == "jobbook/common/money.py" or name_of(path) in ALLOWED:
        return
    text = path.read_text()
    for pattern in (
        r"\bfloat\(",
        r"output_field=MoneyField",
        r"\bCast\(",
        r"ExpressionWrapper",
        r"ROUND_HALF",
        r"\bDecimalField\(",
    ):
        found = re.search(pattern, text)
        assert not found, f"{name_of(path)}: {pattern} belongs to jobbook/common/money.py"


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_functions_are_annotated(path: Path) -> None:
    for function in functions(path):
        assert function.returns is not None, f"{name_of(path)}:{function.lineno} {function.name} has no return type"


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_formats_are_pure(path: Path) -> None:
    """A file format sees frozen documents: no queries, no Celery, no settings."""
    if "formats" not in path.parts:
        return
    text = path.read_text()
    assert not re.search(r"\.objects\b|from celery|django\.db\b|django\.conf", text), f"{name_of(path)} is not pure"


def test_the_allow_list_is_used() -> None:
    """An exception that is no longer needed goes."""
    for entry in ALLOWED:
        path, _, name = entry.partition(":")
        assert (ROOT / path).is_file(), entry
        assert not name or name in {function.name for function in functions(ROOT / path)}, entry
