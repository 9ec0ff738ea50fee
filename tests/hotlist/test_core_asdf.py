"""Lists are read and written without the extensions of other packages, and no worse for it."""

import subprocess
import sys

import asdf
import pytest

from helpers import make_list
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.core_asdf import core_asdf

HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00", history=())


def test_reading_and_writing_a_list_imports_no_other_package(tmp_path):
    path = asdf_file.write(make_list([1], [2]), tmp_path / "list.asdf", HEADER)
    heavy = {"astropy", "gwcs", "scipy", "stdatamodels", "jwst"}
    code = (
        "import sys; from jwst_hotpix.hotlist import asdf_file as a;"
        f"a.write(a.read({str(path)!r}), {str(tmp_path / 'again.asdf')!r}, a.Header(useafter='x'));"
        f"print(*({heavy!r} & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not run.stdout.split()
    assert (tmp_path / "again.asdf").is_file()


def test_a_file_is_the_same_with_all_extensions_loaded(tmp_path):
    tree = {"meta": {"a": 1.5}, "pixels": make_list([1], [2]).columns()}
    asdf.AsdfFile(tree).write_to(tmp_path / "all.asdf")
    with core_asdf():
        asdf.AsdfFile(tree).write_to(tmp_path / "core.asdf")
    assert (tmp_path / "core.asdf").read_bytes() == (tmp_path / "all.asdf").read_bytes()


def test_the_configuration_of_others_comes_back():
    before = asdf.get_config().extensions
    with core_asdf():
        assert {extension.package_name for extension in asdf.get_config().extensions} == {"asdf"}
    assert asdf.get_config().extensions == before


def test_a_list_is_still_checked_against_the_schemas_of_jwst(tmp_path):
    header = asdf_file.Header(useafter="2022-07-01T00:00:00", author=7)
    with pytest.raises(asdf.ValidationError, match="7"):
        asdf_file.write(make_list([1], [2]), tmp_path / "list.asdf", header)
    assert not list(tmp_path.iterdir())
