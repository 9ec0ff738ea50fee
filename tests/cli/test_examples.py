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
    return command, words


@pytest.fixture(autouse=True)
def _a_list_is_piped_in(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"exp_uncal.fits\n")))


def understand(line):
    """Parse a command line as the command would, up to the start of its work, and those after |."""
    line, _, rest = line.partition(" | ")
    if rest:
        understand(rest)
    _, *words = shlex.split(line, comments=True)
    command, arguments = find(words)
    if isinstance(command, click.Group):
        return
    for argument in arguments:
        if argument.startswith("@") and argument != "@-":
            Path(argument[1:]).write_text("exp_uncal.fits\n")
    command.make_context(command.name, arguments)


def lines_in(text):
    whole = re.sub(r"\\\n\s*", "", text)
    return re.findall(r"^ *(hotpix [a-z].*)$", whole, re.MULTILINE)


def blocks_of(page):
    return "\n".join(re.findall(r"^```\w*\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("verb", [*commands()])
def test_the_examples_of_a_verb_are_understood(verb, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command, _ = find(verb.split())
    _, examples = re.split(r"\n *Examples?:\n", command.help)
    assert lines_in(examples)
    for line in lines_in(examples):
        understand(line)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_command_lines_of_a_page_are_understood(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for line in lines_in(blocks_of(page)):
        understand(line)


@pytest.mark.parametrize("verb", [*commands()])
def test_every_option_says_what_it_is_for_in_a_sentence(verb):
    command, _ = find(verb.split())
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.name
            assert option.help.endswith("."), option.help
