"""The templates: annotated lists that load, rules that crds reads, a file that strun runs."""

import ast
from importlib.resources import files
from pathlib import Path

import pytest

import jwst_hotpix
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.datamodel import HotPixModel

# In the package, so that they come with a wheel.
TEMPLATES = Path(str(files("jwst_hotpix") / "resources" / "reference_templates"))
LISTS = sorted(TEMPLATES.glob("TEMPLATE_*.asdf"))


@pytest.mark.parametrize("path", LISTS, ids=lambda p: p.stem)
def test_an_annotated_list_loads_and_calls_itself_a_template(path):
    pixels = asdf_file.read(path)
    assert len(pixels) == 2
    assert pixels.provenance.pedigree == "DUMMY"
    assert "TEMPLATE" in path.read_text(encoding="utf-8").splitlines()[4]
    with HotPixModel(str(path), strict_validation=True) as model:
        model.validate()
        assert model.meta.filename == path.name


def test_there_is_a_list_of_each_detector():
    assert {asdf_file.read(path).detector for path in LISTS} == {"NRS1", "NRS2"}


def test_no_template_has_the_name_of_a_list():
    # FIELD C2.
    names = {path.name for path in TEMPLATES.iterdir()}
    for path in LISTS:
        header = asdf_file.Header(useafter="2022-07-01T00:00:00")
        assert asdf_file.default_name(asdf_file.read(path), header) not in names
    assert not [name for name in names if name.startswith("jwst_") and name.endswith(".asdf")]


def test_the_templates_are_in_the_package():
    assert TEMPLATES.is_relative_to(Path(jwst_hotpix.__file__).parent)
    assert (TEMPLATES / "pars-detector1pipeline-hotpix.asdf").is_file()


def test_crds_reads_the_rmap_and_it_serves_delivered_lists():
    from crds.core import rmap

    path = TEMPLATES / "jwst_nirspec_hotpix_0001.rmap"
    rules = rmap.ReferenceMapping.from_file(str(path), ignore_checksum=False)
    names = [f"jwst_nirspec_hotpix_000{serial}.asdf" for serial in (1, 2)]
    assert sorted(rules.reference_names()) == names
    entry = (TEMPLATES / "jwst_nirspec_imap_entry.txt").read_text()
    assert ast.literal_eval("{" + entry + "}") == {"HOTPIX": path.name}
