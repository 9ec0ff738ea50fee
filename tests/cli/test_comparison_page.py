"""The comparison quotes the scores of other pages."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
NAMES = {
    "**`hotpix discover`**": "this package",
    "`badpix_selfcal`": "badpix_selfcal (jwst)",
    "snowblind `OpenPixelStep`": "snowblind OpenPixelStep",
    "grizli `flag_nirspec_hot_pixels`": "grizli flag_nirspec_hot_pixels",
    "minimum of the exposures above 1 DN/s": "minimum > 1 DN/s",
}


def rows_of(page, heading):
    section = (DOCS / page).read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    cells = [line.strip("| ").split(" | ") for line in section.splitlines() if line[:2] == "| "]
    return {row[0]: row[1:] for row in cells[1:]}


@pytest.mark.parametrize("rule", NAMES)
def test_scores_on_science_exposures_are_those_of_their_page(rule):
    found, false, lost, *ifu = rows_of("comparison.md", "From science exposures")[rule]
    science = (DOCS / "science.md").read_text()
    for visit, numbers in (("MOS PRISM", (found, false, lost)), ("IFU, 4 dithers", ifu)):
        start = f"| {visit} | {NAMES[rule]} | {numbers[0]} | {numbers[1]} | {numbers[2]}"
        assert re.search(re.escape(start) + r"( of \d+)? \|", science), start


def test_scores_on_darks_are_those_of_their_page():
    method = (DOCS / "monitor-method.md").read_text()
    for rule, (found, false) in rows_of("comparison.md", "From darks").items():
        assert f" | {found} | {false} | 4650 |" in method, rule
