"""Inputs that benchmarks/fuzz.py and attacks have found: each is read, or refused by name."""

from pathlib import Path

import pytest

from fuzz_readers import read_or_refuse

CORPUS = Path(__file__).parent / "corpus"
INPUTS = sorted(path for path in CORPUS.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: str(path.relative_to(CORPUS)))
@pytest.mark.filterwarnings("ignore")
def test_it_is_read_or_refused_by_name(path):
    read_or_refuse(path.parent.name, path)
