"""Every command line that help and docs show is one that the command understands."""

import io
import re
import shlex
from pathlib import Path

import click
import pytest

from jwst_hotpix.cli import _VERBS, _hotpix

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def command_of(verb):
    return _hotpix.get_command(click.Context(_hotpix), verb)


@pytest.fixture(autouse=True)
def _a_list_is_piped_in(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"exp_uncal.fits\n")))


def understand(line):
    """Parse a command line as the command would, up to the start of its work, and those after |."""
    line, _, rest = line.partition(" | ")
    if rest:
        understand(rest)
    _, verb, *arguments = shlex.split(line, comments=True)
    if verb.startswith("-"):
        return
    for argument in arguments:
        if argument.startswith("@") and argument != "@-":
            Path(argument[1:]).write_text("exp_uncal.fits\n")
    command_of(verb).make_context(verb, arguments)


def lines_in(text):
    whole = re.sub(r"\\\n\s*", "", text)
    return re.findall(r"^ *(hotpix [a-z].*)$", whole, re.MULTILINE)


def blocks_of(page):
    return "\n".join(re.findall(r"^```\w*\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("verb", _VERBS)
def test_the_examples_of_a_verb_are_understood(verb, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, examples = re.split(r"\n *Examples?:\n", command_of(verb).help)
    assert lines_in(examples)
    for line in lines_in(examples):
        understand(line)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_command_lines_of_a_page_are_understood(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for line in lines_in(blocks_of(page)):
        understand(line)


@pytest.mark.parametrize("verb", _VERBS)
def test_every_option_says_what_it_is_for_in_a_sentence(verb):
    for option in command_of(verb).params:
        if isinstance(option, click.Option):
            assert option.help, option.name
            assert option.help.endswith("."), option.help
