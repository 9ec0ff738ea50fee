"""
How the package is built: rooms, floors, arrows, long functions, repeated lines.

    python benchmarks/structure.py [ROOT]
    python benchmarks/structure.py --tree     # writes the tree into docs/architecture.md

A room is a folder of ``src/jwst_hotpix`` or a module beside them, an arrow is drawn from each room
to each one that it imports from (for type checking too), and the floor of a room is one above the
highest that it imports from. Prints the figures that docs/architecture.md quotes.
"""

import ast
import io
import keyword
import re
import statistics
import sys
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

PACKAGE = "jwst_hotpix"
RUN = 8
# A shape that stands in more places than this is punctuation of the language, not logic.
COMMON = 8
THIN = re.compile(r"import|from|n:[n\[\],.|]+(None)?(=[nv.]+)?,?$|v,?$|n,?$|@n|\)->")
# Entry points and the public names: they import on use, and stand on no floor.
DOORS = ("__init__", "__main__", "integration")


def room_of(path: Path, root: Path) -> str:
    """Name the room of a file: its folder, or itself at the root."""
    return path.relative_to(root).parts[0].removesuffix(".py")


def imported_names(path: Path) -> Iterator[str]:
    """Return the full names that a file imports from the package, in functions too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        yield from (name for name in names if name.startswith(f"{PACKAGE}."))


def imported_rooms(path: Path, root: Path) -> set[str]:
    """Name the rooms that a file imports from; public names come from the package itself."""
    rooms = {name.split(".")[1] for name in imported_names(path)}
    known = {room_of(file, root) for file in root.rglob("*.py")}
    return {room if room in known else "__init__" for room in rooms}


def arrows(root: Path) -> dict[str, set[str]]:
    """Draw the arrows from every room to others."""
    drawn: dict[str, set[str]] = defaultdict(set)
    for path in root.rglob("*.py"):
        drawn[room_of(path, root)] |= imported_rooms(path, root) - {room_of(path, root)}
    return drawn


def arrows_of_files(root: Path) -> dict[str, set[str]]:
    """Draw the arrows from every file to others, by their full names."""
    files = {}
    for path in root.rglob("*.py"):
        parts = path.relative_to(root.parent).with_suffix("").parts
        files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return {
        name: {
            found if found in files else found.rpartition(".")[0] for found in imported_names(path)
        }
        for name, path in files.items()
    }


def floors(drawn: dict[str, set[str]]) -> dict[str, int]:
    """Find the floor of every room; a circle never ends, and is an error."""
    found: dict[str, int] = {}
    while missing := drawn.keys() - found.keys():
        ready = [room for room in missing if all(below in found for below in drawn[room])]
        if not ready:
            raise SystemExit(f"a circle among {', '.join(sorted(missing))}")
        for room in ready:
            found[room] = 1 + max((found[below] for below in drawn[room]), default=0)
    return found


def lengths(root: Path) -> list[int]:
    """Count the lines of every function, docstrings included."""
    return sorted(
        node.end_lineno - node.lineno + 1
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    )


def shapes(path: Path) -> list[tuple[int, str]]:
    """Return the lines of code of a file with names, numbers and strings made alike."""
    lines: dict[int, list[str]] = defaultdict(list)
    for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline):
        if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
            lines[token.start[0]].append("n")
        elif token.type in {tokenize.NUMBER, tokenize.STRING}:
            lines[token.start[0]].append("v")
        elif token.type in {tokenize.NAME, tokenize.OP}:
            lines[token.start[0]].append(token.string)
    told = [(number, "".join(parts)) for number, parts in sorted(lines.items())]
    # Imports, and declarations of fields and parameters, are alike wherever there are any.
    return [(n, s) for n, s in told if sum(c.isalpha() for c in s) > 1 and not THIN.match(s)]


def repeated(root: Path) -> list[tuple[str, int, str, int]]:
    """Find the pairs of places that share a run of lines, names aside: the first line of each."""
    places: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for path in sorted(root.rglob("*.py")):
        lines = shapes(path)
        for start in range(len(lines) - RUN + 1):
            run = tuple(shape for _, shape in lines[start : start + RUN])
            places[run].append((str(path.relative_to(root)), start))
    hits = {
        (a[0], b[0], b[1] - a[1], a[1])
        for found in places.values()
        if 1 < len(found) <= COMMON
        for i, a in enumerate(found)
        for b in found[i + 1 :]
        if a[0] != b[0] or b[1] - a[1] >= RUN
    }
    ordered = sorted(hits)
    # A longer run gives one window after another: they are one pair.
    first = [
        hit
        for before, hit in pairwise([("", "", 0, -2), *ordered])
        if (*before[:3], before[3] + 1) != hit
    ]
    return [(a, start, b, start + shift) for a, b, shift, start in first]


def lines_of(paths: list[Path]) -> int:
    """Count lines."""
    return sum(len(path.read_text().splitlines()) for path in paths)


def tree(root: Path) -> str:
    """Describe every file by the first line of its docstring, room by room from the top floor."""
    found = floors(arrows(root))
    rooms = sorted((room for room in found if (root / room).is_dir()), key=lambda r: (-found[r], r))
    files = [path for path in sorted(root.glob("*.py")) if path.stem != "__init__"]
    blocks = [[f"{path.name:<24}{first_line(path)}" for path in files]]
    for room in rooms:
        inside = [path for path in sorted((root / room).glob("*.py")) if path.stem != "__init__"]
        head = f"{room + '/':<24}{first_line(root / room / '__init__.py')}"
        blocks.append([head, *(f"  {path.name:<22}{first_line(path)}" for path in inside)])
    return "\n\n".join("\n".join(block) for block in blocks)


def first_line(path: Path) -> str:
    """Return the first line of the docstring of a file."""
    text = ast.get_docstring(ast.parse(path.read_text())) or ""
    return text.split("\n")[0].replace("``", "")


def with_tree(page: str, root: Path) -> str:
    """Put the tree in place of the one in a page."""
    head, _, rest = page.partition("<!-- tree -->")
    _, end, tail = rest.partition("<!-- end of tree -->")
    return f"{head}<!-- tree -->\n```text\n{tree(root)}\n```\n{end}{tail}"


def main() -> None:
    """Print the figures."""
    options = [argument for argument in sys.argv[1:] if argument.startswith("-")]
    places = [argument for argument in sys.argv[1:] if argument not in options]
    top = Path(places[0]) if places else Path(__file__).parents[1]
    root = top / "src" / PACKAGE
    if "--tree" in options:
        page = top / "docs" / "architecture.md"
        page.write_text(with_tree(page.read_text(), root))
        return
    drawn = arrows(root)
    files = list(root.rglob("*.py"))
    size: dict[str, int] = defaultdict(int)
    for path in files:
        size[room_of(path, root)] += lines_of([path])
    largest = max(size, key=lambda room: size[room])
    modules = [path for path in root.glob("*.py") if not path.stem.startswith("__")]
    functions = lengths(root)
    tests = lines_of(list((top / "tests").rglob("*.py")))
    share = size[largest] / sum(size.values())
    print(f"modules at the root           {len(modules)}")
    print(f"largest room                  {largest} {share:.1%}")
    print(f"rooms                         {len(drawn)}")
    highest = max(floor for room, floor in floors(drawn).items() if room not in DOORS)
    print(f"floors                        {highest}")
    print(f"arrows                        {sum(map(len, drawn.values()))}")
    nearly_all = functions[int(0.9 * len(functions))]
    print(f"lines a function, median, p90 {statistics.median(functions):.0f}, {nearly_all}")
    print(f"tests : code                  {tests / sum(size.values()):.2f}")
    print(f"repeated runs of {RUN} lines     {len(repeated(root))}")
    if "-v" in options:
        for a, i, b, j in repeated(root):
            print("   ", a, i, b, j)


if __name__ == "__main__":
    main()
