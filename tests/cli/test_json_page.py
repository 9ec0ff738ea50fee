"""The page on JSON names every command that prints it, with its keys."""

import json
import re
from pathlib import Path

import click
import pytest

from helpers import make_list
from jwst_hotpix.cli import _VERBS, _hotpix
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.summary import Summary
from jwst_hotpix.target_acq import Stars, TaFlat, read_lists, risk_of_lists, risk_of_rates

PAGE = (Path(__file__).parents[2] / "docs" / "json.md").read_text()


def row_of(verb):
    (row,) = [line for line in PAGE.splitlines() if re.match(rf"\| [^|]*`{verb}[ `]", line)]
    return row


@pytest.mark.parametrize("verb", _VERBS)
def test_every_command_has_a_row(verb):
    # FIELD C15.
    command = _hotpix.get_command(click.Context(_hotpix), verb)
    nested = getattr(command, "commands", None)
    if verb == "show":
        assert "`show LIST`" in PAGE
        assert "`show LEDGER`" in PAGE
    else:
        assert row_of(verb)
    options = {name for option in command.params for name in option.opts}
    assert "--json" in options or nested is not None or isinstance(command, click.Group)


def test_the_keys_of_a_list_are_those_of_the_page():
    row = row_of("build")
    for key in Summary.of(make_list([1], [2])).to_dict():
        assert f"`{key}`" in row or f"`{key}: " in row, key


def test_the_keys_of_target_acquisition_are_those_of_the_page(tmp_path):
    row = row_of("ta")
    listed = asdf_file.write(
        make_list([1], [2]), tmp_path / "l.asdf", asdf_file.Header(useafter="2022-07-01T00:00:00")
    )
    flat = TaFlat(since="2022-09-01")
    lists = risk_of_lists(read_lists([listed], flat), flat, Stars.on(1)).to_dict()
    rates = risk_of_rates((70.0,), Stars.on(1), 12, risk=0.5).to_dict()
    assert json.dumps(lists)
    for key in lists.keys() | rates.keys():
        assert f"`{key}`" in row or f"`{key}: " in row, key
