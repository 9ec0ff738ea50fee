"""The templates: lists that load, rules that crds reads, a file that strun runs."""

import ast
from pathlib import Path

import pytest

from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.datamodel import HotPixModel

TEMPLATES = Path(__file__).parents[1] / "reference_templates"
LISTS = sorted(TEMPLATES.glob("jwst_nirspec_hotpix_*.asdf"))


@pytest.mark.parametrize("path", LISTS, ids=lambda p: p.stem)
def test_an_annotated_list_loads_and_is_named_after_its_content(path):
    pixels = asdf_file.read(path)
    assert len(pixels) == 2
    assert path.name == asdf_file.default_name(
        pixels, asdf_file.Header(useafter="2022-07-01T00:00:00")
    )
    with HotPixModel(str(path), strict_validation=True) as model:
        model.validate()
        assert model.meta.filename == path.name


def test_there_is_a_list_of_each_detector():
    assert {asdf_file.read(path).detector for path in LISTS} == {"NRS1", "NRS2"}


def test_crds_reads_the_rmap_and_it_serves_the_lists():
    from crds.core import rmap

    path = TEMPLATES / "jwst_nirspec_hotpix_0001.rmap"
    rules = rmap.ReferenceMapping.from_file(str(path), ignore_checksum=False)
    assert sorted(rules.reference_names()) == [p.name for p in LISTS]
    entry = (TEMPLATES / "jwst_nirspec_imap_entry.txt").read_text()
    assert ast.literal_eval("{" + entry + "}") == {"HOTPIX": path.name}
