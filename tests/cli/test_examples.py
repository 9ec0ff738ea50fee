"""
Every example that help and documentation show runs, or is one that its program understands.

The notebooks run when the documentation is built. Blocks of output are ``text``, and have no test.
"""

import ast
import inspect
import io
import re
import shlex
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
import yaml
from jwst.dq_init import DQInitStep

from jwst_hotpix.archive.strun import Call
from jwst_hotpix.cli import _VERBS, _hotpix
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.ledger.add_files import ingest_file
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.simulate import World, write_dark_rate
from jwst_hotpix.tools.dates import mjd

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md")),
    *(page for page in sorted((ROOT / "docs").rglob("*.md"))
      if not {"_build", "notebooks"} & set(page.relative_to(ROOT).parts)),
]  # fmt: skip
LANGUAGES = {"sh", "console", "crontab", "python", "text", "yaml", "sql", "{toctree}", "{eval-rst}"}

# Words of the shell, and programs that are not ours; of these only the syntax of the line is
# checked.
SHELL = {".", "[", "cd", "chmod", "cp", "eval", "exit", "export", "mkdir", "set", "source", "test"}
PROGRAMS = {
    ".ci/run": "the whole check, which runs these tests",
    "awk": "part of every system",
    "conda": "changes the environment",
    "dask": "starts a cluster",
    "flock": "part of Linux",
    "git": "clones this repository",
    "jq": "not required here",
    "kubectl": "needs a cluster",
    "pytest": "runs these tests",
    "sbatch": "needs a cluster",
    "sphinx-build": "builds the documentation, at the end of .ci/run",
}
KEYWORDS = {"do", "done", "else", "fi", "if", "then", "while"}

# Python that cannot run here, by what it imports or by its page; its names and arguments are
# checked where they are ours.
NOT_INSTALLED = {"dask_jobqueue", "dask_kubernetes", "msaexp", "pandas"}
NOT_RUN = {
    "README.md": "a run of Detector1, as in tests/pipeline/test_ways_in.py",
    "description.md": "the same",
    "simulate.md": "full frames through Detector1, as in hotpix demo",
    "your-pipeline.md": "fragments of other pipelines",
}


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self):
        return f"{self.page.name}:{self.line}"


def blocks_of(page):
    text = page.read_text()
    for found in re.finditer(r"^```(\S*)[^\n]*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield Block(page, text[: found.start()].count("\n") + 1, found[1], found[2])


BLOCKS = [block for page in PAGES for block in blocks_of(page)]


def blocks_in(*languages):
    chosen = [block for block in BLOCKS if block.language in languages]
    return pytest.mark.parametrize("block", chosen, ids=str)


def command_of(verb):
    return _hotpix.get_command(click.Context(_hotpix), verb)


def commands():
    """Name all verbs, and below groups of commands what they consist of."""
    for verb in _VERBS:
        yield verb
        group = command_of(verb)
        if isinstance(group, click.Group):
            yield from (f"{verb} {name}" for name in group.list_commands(click.Context(group)))


def find(words):
    """Return the command that some words begin with, and the words that are its arguments."""
    command = _hotpix
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name, *words = words
        command = command.get_command(click.Context(command), name)
        assert command is not None, name
    return command, words


@pytest.fixture(autouse=True)
def _a_list_is_piped_in(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"exp_uncal.fits\n")))


def hotpix(words):
    """Parse arguments as the command would, up to the start of its work."""
    command, arguments = find(words)
    if isinstance(command, click.Group):
        return
    arguments = [re.sub("^/(data|archive)/", "", argument) for argument in arguments]
    for argument in arguments:
        Path(argument).parent.mkdir(parents=True, exist_ok=True)
        if argument.startswith("@") and argument != "@-":
            Path(argument[1:]).write_text("exp_uncal.fits\n")
    try:
        command.make_context(command.name, arguments)
    except click.exceptions.Exit as end:
        assert end.exit_code == 0


def strun(words):
    """Check that stpipe knows the step and takes its parameters."""
    text = " ".join(words).replace("--output_dir ", "--output_dir=")
    step, _, *options = shlex.split(text.replace("reference_templates", str(TEMPLATES)))
    if "user_supplied_dq" not in DQInitStep.spec:
        # A parameter of jwst 3.0 and newer, as the pages say.
        options = [option for option in options if "user_supplied_dq" not in option]
    Call.parse(shlex.join([step, *options])).check()


def pip(words):
    """Check that what is installed from here has the extras that are named."""
    (verb, *rest) = words
    assert verb == "install"
    given = [word for word in rest if "[" in word]
    for extra in ",".join(re.findall(r"\[(.*?)\]", " ".join(given))).split(","):
        assert not extra or extra in EXTRAS, extra


def python(words):
    """Check that a script exists and has the options that are given, or that a module does."""
    if words[0] == "-m":
        assert words[1] in {"venv", "jwst_hotpix", "build", "twine"}, words[1]
        return
    source = (ROOT / words[0]).read_text()
    for word in words[1:]:
        assert not word.startswith("--") or f'"{word.partition("=")[0]}"' in source, word


TEMPLATES = ROOT / "src/jwst_hotpix/resources/reference_templates"
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
CHECKS = {
    "hotpix": hotpix, "strun": strun, "pip": pip, "python": python, "python3": python,
}  # fmt: skip


def simple_commands(text):
    """Split shell text into simple commands: lists of words, without redirections."""
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split, words = True, []
        for token in [*lexer, ";"]:
            if set(token) <= set("|&;()"):
                if words:
                    yield words
                words = []
            else:
                words.append(token)


def program_of(words):
    """Return the program of a simple command and its arguments, or None for words of the shell."""
    while words and (words[0] in KEYWORDS or re.match(r"\w+=", words[0])):
        words = words[1:]
    if words and ">" in words:
        words = words[: words.index(">")]
    if not words or words[0] in {"for", "in"}:
        return None, []
    return re.sub(r"^.*bin/", "", words[0]), words[1:]


def understand(text):
    """Check each command of shell text; of a loop, its first pass."""
    for name, first in re.findall(r"for (\w+) in ([^\s;]+)", text):
        text = text.replace(f"${name}", first)
    for words in simple_commands(text):
        program, arguments = program_of(words)
        if program in CHECKS:
            CHECKS[program](arguments)
        else:
            assert program is None or program in SHELL | PROGRAMS.keys(), program


@pytest.mark.parametrize("verb", [*commands()])
def test_the_examples_of_a_verb_are_understood(verb):
    command, _ = find(verb.split())
    _, examples = re.split(r"\n *Examples?:\n", command.help)
    lines = re.findall(r"^ *(hotpix [a-z].*)$", examples, re.MULTILINE)
    assert lines
    for line in lines:
        understand(line)


def test_every_block_names_its_language():
    # So that none is taken for output, which has no test.
    unknown = [f"{block}: {block.language}" for block in BLOCKS if block.language not in LANGUAGES]
    assert not unknown


@blocks_in("text")
def test_output_holds_no_commands(block):
    # Examples within a help are those of its verb, see above.
    text, _, _ = block.text.partition("Usage: ")
    assert not re.search(r"^\$? *(hotpix [a-z]+|strun|pip install) ", text, re.MULTILINE)


@blocks_in("sh")
def test_the_shell_and_the_commands_understand_a_block(block):
    subprocess.run(["/bin/bash", "-n"], input=block.text, text=True, check=True)
    understand(block.text)


@blocks_in("console")
def test_the_commands_of_a_session_are_understood(block):
    lines = re.findall(r"^\$ (.*)$", block.text, re.MULTILINE)
    assert lines
    for line in lines:
        understand(line)


@blocks_in("crontab")
def test_the_commands_of_a_crontab_are_understood(block):
    for line in block.text.splitlines():
        if not re.match(r"\w+=", line):
            understand(re.fullmatch(r"(?:[\d*/,-]+ +){5}(.*)", line)[1])


@blocks_in("yaml")
def test_yaml_loads(block):
    assert list(yaml.safe_load_all(block.text))


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Files of the names that the examples use."""
    folder = tmp_path_factory.mktemp("examples")
    known = Provenance(
        pedigree="INFLIGHT", coverage=(mjd("2022-07-01"), mjd("2024-06-01")),
        growth_per_month=50.0, growth_error=3.0,
    )  # fmt: skip
    hot = {"x": [700], "y": [900], "rate": 40.0, "onset_latest": mjd("2024-05-20")}
    for name, detector, readout in (
        ("list", "NRS1", "IRS2"), ("nrs1", "NRS1", "TRAD"), ("nrs2", "NRS2", "TRAD"),
    ):  # fmt: skip
        pixels = PixelList.build(detector=detector, readout=readout, provenance=known, **hot)
        header = asdf_file.Header(useafter="2022-07-01T00:00:00")
        asdf_file.write(pixels, folder / f"{name}.asdf", header)
    (folder / "pixels.csv").write_text("x,y\n700,900\n")
    world = World.quiet(detector="NRS1", readout="IRS2").with_pixels(900, 700, 40.0)
    ledger, dark = Ledger(folder / "ledger"), "jw01234001001_02101_00001_nrs1_rate.fits"
    for start, name in (("2023-07-01", "a"), ("2023-10-01", "b"), ("2024-02-01", dark)):
        ingest_file(ledger, write_dark_rate(folder / name, world, start=start))
    return folder


def names_in(tree):
    """Run the imports of a block, and return what they bring."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    there = {}
    for node in imports:
        modules = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            modules = [node.module]
        if not {module.partition(".")[0] for module in modules} & NOT_INSTALLED:
            exec(compile(ast.Module([node], []), "imports", "exec"), there)  # noqa: S102
    return there


def resolve(node, names):
    """Return the object that the function of a call names, or None if it is made by the block."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = resolve(node.value, names)
        return None if owner is None else getattr(owner, node.attr)
    return None


def check_calls(tree):
    """Check that all that is imported exists, and that calls of it have arguments that it takes."""
    names = names_in(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (function := resolve(node.func, names)) is not None:
            given = {keyword.arg: None for keyword in node.keywords if keyword.arg}
            inspect.signature(function).bind(*node.args, **given)


def runs(block):
    tree = ast.parse(block.text)
    imported = {name for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)
                for name in ([node.module] if isinstance(node, ast.ImportFrom)
                             else [alias.name for alias in node.names])}  # fmt: skip
    return not {name.partition(".")[0] for name in imported} & NOT_INSTALLED


@blocks_in("python")
def test_python_parses_and_calls_what_exists(block):
    check_calls(ast.parse(block.text))


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page.name not in NOT_RUN
     and any(block.page == page and block.language == "python" for block in BLOCKS)],
    ids=lambda page: page.name,
)  # fmt: skip
def test_the_python_of_a_page_runs_from_top_to_bottom(page, files, monkeypatch, capsys):
    monkeypatch.chdir(files)
    names = {"__name__": "example"}
    for block in blocks_of(page):
        if block.language == "python" and runs(block):
            exec(compile(block.text, str(block), "exec"), names)  # noqa: S102


@pytest.mark.parametrize("verb", [*commands()])
def test_every_option_says_what_it_is_for_in_a_sentence(verb):
    command, _ = find(verb.split())
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.name
            assert option.help.endswith("."), option.help
