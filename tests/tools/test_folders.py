"""A folder that cannot be read is not an empty one."""

import subprocess
import sys
from pathlib import Path

import pytest

from jwst_hotpix.tools.folders import path_list

# A superuser may read everything, so the rights are given up once all is imported.
CODE = """
import logging, os, sys
from pathlib import Path
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.sources import sources_of
from jwst_hotpix.tools.folders import files_below, files_in
if os.geteuid() == 0:
    os.seteuid(65534)
try:
    print(sorted(map(str, {call})))
except PermissionError as error:
    print("refused:", error.filename)
"""


@pytest.fixture
def folder(tmp_path):
    for name in ("open", "closed", ".hidden", ".ledger/detector=NRS1"):
        (tmp_path / "all" / name).mkdir(parents=True)
        (tmp_path / "all" / name / "x.fits").touch()
    closed = [tmp_path / "all" / name for name in ("closed", ".ledger/detector=NRS1")]
    for place in closed:
        place.chmod(0)
    yield tmp_path / "all"
    for place in closed:
        place.chmod(0o755)


@pytest.mark.parametrize(
    ("call", "answer", "warning"),
    [
        ("files_in(Path('open'), '*.fits')", "['open/x.fits']", ""),
        ("files_in(Path('missing'), '*.fits')", "[]", ""),
        ("files_in(Path('closed'), '*.fits')", "refused: closed", ""),
        ("files_below(Path('.'))", "['open/x.fits']", "Skipped: ./closed: permission denied"),
        ("files_below(Path('closed'))", "refused: closed", ""),
        ("Ledger('.ledger').contents()", "refused: .ledger/detector=NRS1", ""),
        ("sources_of(Ledger('.ledger'))", "refused: .ledger/detector=NRS1", ""),
        ("[repr(Ledger('.ledger'))]", "refused: .ledger/detector=NRS1", ""),
    ],
)
def test_what_cannot_be_read_is_reported(folder, call, answer, warning):
    ran = subprocess.run(
        [sys.executable, "-c", CODE.format(call=call)],
        capture_output=True, text=True, check=True, cwd=folder,
    )  # fmt: skip
    assert (ran.stdout.strip(), ran.stderr.strip()) == (answer, warning)


@pytest.mark.parametrize("path", ["a/b", Path("a/b")])
def test_one_path_is_not_taken_for_its_letters(path):
    assert path_list(path) == [path]
    assert path_list(iter([path, path])) == [path, path]
