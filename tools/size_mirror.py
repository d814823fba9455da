"""Prints the house numbers: sizes of files and functions against their aims. A mirror, not a gate."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1] / "src" / "qbtc"


def share(values: list[int], limit: int) -> str:
    within = sum(v <= limit for v in values)
    return f"{100 * within / len(values):.1f} % within {limit}"


def functions(tree: ast.AST) -> list[tuple[str, int, int]]:
    """(name, lines, parameters) of every function."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            found.append((f"{node.name}:{node.lineno}", lines, len(node.args.args)))
    return found


def main() -> None:
    files, sizes, longest = [], [], []
    for path in sorted(ROOT.rglob("*.py")):
        text = path.read_text()
        files.append(text.count("\n"))
        for name, lines, _ in functions(ast.parse(text)):
            sizes.append(lines)
            longest.append((lines, f"{path.relative_to(ROOT)}:{name}"))
    print(f"files      {len(files)}, median {median(files):.0f} (aim 150), {share(files, 400)} (aim 90 %), longest {max(files)} (aim 600)")
    print(f"functions  {len(sizes)}, median {median(sizes):.0f} (aim 7), {share(sizes, 25)} (aim 90 %), longest {max(sizes)} (aim 60)")
    for lines, name in sorted(longest, reverse=True)[:5]:
        print(f"           {lines:4d}  {name}")


if __name__ == "__main__":
    main()
