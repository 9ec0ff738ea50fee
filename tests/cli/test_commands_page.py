"""The page on commands has every verb, with the help and the JSON keys of the code."""

import subprocess
import sys

import commands_page
from jwst_hotpix.cli import _VERBS


def test_the_page_is_that_of_the_code():
    # In a process of its own: click keeps the options of the first context that it sees.
    done = subprocess.run([sys.executable, commands_page.__file__, "--check"], check=False)
    assert done.returncode == 0, "run python benchmarks/commands_page.py --keep-output"


def test_every_verb_has_an_example_with_its_output():
    there = {verb: examples for verbs in commands_page.GROUPS.values()
             for verb, (_, examples) in verbs.items()}  # fmt: skip
    assert there.keys() == _VERBS.keys()
    outputs = commands_page.outputs_in(commands_page.PAGE.read_text())
    for verb, examples in there.items():
        assert examples, verb
        assert all(outputs[line] for line in examples), verb


def test_every_verb_has_its_keys():
    assert all(any(commands_page.keys_of(verb)) for verb in _VERBS)
