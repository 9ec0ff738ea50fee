"""What a list adds to a MASK: the supplement, and the MASK itself."""

import json
import subprocess
import sys
from pathlib import Path

import asdf
import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from stdatamodels.jwst import datamodels

from helpers import EPOCH, make_list
from jwst_hotpix.exceptions import FrameMismatchError, HotPixError, ListFormatError
from jwst_hotpix.flag.targets import Policy, active_targets
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.masks.make_supplement import supplement, supplement_header
from jwst_hotpix.masks.reference_mask import read_mask
from jwst_hotpix.masks.write_mask import export_mask
from jwst_hotpix.simulate import World, crds_references, use_cache, write_crds_cache
from jwst_hotpix.tools.dates import mjd

HOTPIX = Path(sys.executable).with_name("hotpix")
FLAGS = datamodels.dqflags.pixel
MASKED, NEW = (100, 200), (300, 400)
ORIGIN = Provenance(pedigree="SIMULATION", coverage=(EPOCH - 500, EPOCH))


def world(detector="NRS1", readout="TRAD"):
    return World.quiet(detector=detector, readout=readout).with_pixels(*MASKED, 50.0)


def write_mask(path, detector="NRS1", readout="TRAD"):
    hdus = crds_references.mask(world(detector, readout), EPOCH, useafter="2023-01-01T00:00:00")
    hdus.writeto(path)
    return path


def pixels(detector="NRS1", readout="TRAD", **columns):
    y, x = zip(MASKED, NEW, strict=True)
    return make_list(y, x, detector=detector, readout=readout, provenance=ORIGIN, **columns)


@pytest.fixture
def mask(tmp_path):
    return write_mask(tmp_path / "jwst_nirspec_mask_0001.fits")


def targets(listed):
    return active_targets(listed, EPOCH, Policy(threshold=1.0))


@pytest.mark.parametrize("detector", ["NRS1", "NRS2"])
@pytest.mark.parametrize("readout", ["TRAD", "IRS2"])
def test_a_mask_is_read_as_by_the_pipeline(tmp_path, detector, readout):
    path = write_mask(tmp_path / "mask.fits", detector, readout)
    found = read_mask(path)
    assert (found.readout, found.window.detector.name) == (readout, detector)
    assert np.argwhere(found.dq & FLAGS["HOT"]).tolist() == [list(MASKED)]
    with datamodels.MaskModel(str(path)) as model:
        np.testing.assert_array_equal(found.dq, found.window.science(model.dq))
        np.testing.assert_array_equal(found.dq, read_mask(model).dq)


@pytest.mark.parametrize("readout", ["TRAD", "IRS2"])
def test_a_supplement_is_the_list_without_what_the_mask_flags(tmp_path, readout):
    known = read_mask(write_mask(tmp_path / "mask.fits", readout=readout))
    added = supplement(pixels(readout=readout), known)
    assert (added.y.tolist(), added.x.tolist()) == ([NEW[0]], [NEW[1]])
    assert added.provenance.mask == "mask.fits"
    assert added.provenance.mask_useafter == "2023-01-01T00:00:00"


def test_pixels_flagged_in_the_dark_are_removed_too(tmp_path, mask):
    planted = world().with_pixels(*NEW, 50.0)
    dark = crds_references.dark(planted, EPOCH, useafter="2023-01-01T00:00:00", nframes=1)
    dark["DQ"].data[NEW] = 1
    dark.writeto(tmp_path / "dark.fits")
    added = supplement(pixels(), read_mask(mask), read_mask(tmp_path / "dark.fits", "DARK"))
    assert len(added) == 0
    assert added.provenance.dark == "dark.fits"


def test_the_command_writes_what_the_function_makes(tmp_path, mask):
    listed = asdf_file.write(
        pixels(), tmp_path / "list.asdf", asdf_file.Header(useafter="2022-07-01T00:00:00")
    )
    out = tmp_path / "sup.asdf"
    run = subprocess.run(
        [HOTPIX, "supplement", listed, "--mask", mask, "-o", out, "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(run.stdout) == {"n_new": 1, "n_already_masked": 1}
    assert asdf_file.read(out).digest() == supplement(pixels(), read_mask(mask)).digest()
    with asdf.open(out) as file:
        assert file["meta"]["useafter"] == "2023-01-01T00:00:00"


@pytest.mark.parametrize("readout", ["TRAD", "IRS2"])
@pytest.mark.parametrize("detector", ["NRS1", "NRS2"])
def test_an_exported_mask_is_the_base_and_the_list(tmp_path, detector, readout):
    base = write_mask(tmp_path / "base.fits", detector, readout)
    listed = pixels(detector, readout, status=1)
    out = tmp_path / "masque_été.fits"
    assert export_mask(listed, targets(listed), base, out) == 1
    assert fits.getval(out, "FILENAME") == "masque_ete.fits"
    before, after = read_mask(base).dq, read_mask(out).dq
    assert after[NEW] == FLAGS["HOT"] | FLAGS["DO_NOT_USE"] | FLAGS["TELEGRAPH"]
    after[NEW], after[MASKED] = 0, before[MASKED]
    np.testing.assert_array_equal(after, before)


@pytest.fixture
def log_of_crds(tmp_path):
    """The counters of the real crds, pointed at a cache."""
    write_crds_cache(tmp_path / "crds", world(), deliveries="2023-01-01", dark_frames=1)
    with use_cache(tmp_path / "crds"):
        from crds.core import log

        log.reset()
        yield log


def test_crds_certifies_the_exported_mask(tmp_path, mask, log_of_crds):
    from crds import certify

    out = tmp_path / "out.fits"
    export_mask(pixels(), targets(pixels()), mask, out)
    certify.certify_file(str(out), "jwst_0001.pmap", observatory="jwst")
    assert (log_of_crds.errors(), log_of_crds.warnings()) == (0, 0)


def test_a_supplement_has_what_crds_requires_of_any_reference(tmp_path, mask, log_of_crds):
    # crds certify stops at an unknown type. Its checks of all JWST and of all NIRSpec references,
    # which a new type must pass, are run one by one.
    from crds.certify import generic_tpn, validators
    from crds.io.factory import file_factory

    known = read_mask(mask)
    path = asdf_file.write(
        supplement(pixels(), known), tmp_path / "sup.asdf", supplement_header(known)
    )
    header = file_factory(str(path)).get_header(())
    header["META_REFTYPE"] = header["META.REFTYPE"]  # as the certifier spells it in conditions
    checks = Path(sys.modules["crds"].__file__).parent / "jwst" / "tpns"
    for name in ("all_all.tpn", "nirspec_all.tpn"):
        for info in generic_tpn.load_tpn(str(checks / name)):
            validators.validator(info).check(str(path), header)
    assert (log_of_crds.errors(), log_of_crds.warnings()) == (0, 0)


def _drop_dq_def(file):
    del file["DQ_DEF"]


def _define_a_bit_of_64(file):
    names = file["DQ_DEF"].data["NAME"]
    file["DQ_DEF"] = fits.BinTableHDU.from_columns(
        [
            fits.Column("NAME", "40A", array=names),
            fits.Column("VALUE", "K", array=np.full(len(names), 1 << 40)),
        ],
        name="DQ_DEF",
    )


def _crop(file):
    file["DQ"].data = file["DQ"].data[:1000]


def _rename(file):
    file[0].header["DETECTOR"] = "NRS2"


def _retype(file):
    file[0].header["REFTYPE"] = "DARK"


@pytest.mark.parametrize(
    ("spoil", "error", "message"),
    [
        (_drop_dq_def, ListFormatError, "no extension DQ_DEF, without which its bits"),
        (_define_a_bit_of_64, ListFormatError, "DQ_DEF: expected a bit of 32, found 1099511627776"),
        (_crop, FrameMismatchError, "has 1000 rows and .* columns, but the header says 2048"),
        (_rename, FrameMismatchError, "mask of NRS2, but the list is of NRS1"),
        (_retype, ListFormatError, "reftype: expected MASK, found DARK"),
    ],
)
def test_a_bad_mask_is_refused_by_name_and_nothing_is_written(
    tmp_path, mask, spoil, error, message
):
    with fits.open(mask, mode="update") as file:
        spoil(file)
    listed, out = pixels(), tmp_path / "out.fits"
    with pytest.raises(error, match=message):
        export_mask(listed, targets(listed), mask, out)
    with pytest.raises(error, match=message):
        supplement(listed, read_mask(mask))
    assert not out.exists()


def test_a_mask_of_the_other_readout_mode_is_refused(tmp_path):
    irs2 = write_mask(tmp_path / "irs2.fits", readout="IRS2")
    with pytest.raises(
        FrameMismatchError, match="irs2.fits: this is a mask for IRS2, but the list is for TRAD"
    ):
        supplement(pixels(), read_mask(irs2))
    with pytest.raises(
        FrameMismatchError, match="irs2.fits: this is a mask for IRS2, but the list is for TRAD"
    ):
        export_mask(pixels(), targets(pixels()), irs2, tmp_path / "out.fits")


def test_a_truncated_mask_is_refused(mask):
    mask.write_bytes(mask.read_bytes()[:100_000])
    with pytest.raises(HotPixError, match="mask_0001.fits: truncated or damaged"):
        read_mask(mask)


def test_regions_are_one_based_and_the_table_keeps_everything(tmp_path):
    listed = asdf_file.write(
        pixels(), tmp_path / "list.asdf", asdf_file.Header(useafter="2022-07-01T00:00:00")
    )
    for kind, name in (("ds9", "out.reg"), ("ecsv", "out.ecsv")):
        command = [HOTPIX, "export", listed, "--to", kind, "-o", tmp_path / name]
        subprocess.run(command, capture_output=True, check=True)
    regions = (tmp_path / "out.reg").read_text().splitlines()
    assert f"circle({NEW[1] + 1},{NEW[0] + 1},0.7) # color=red text={{10.0}}" in regions
    table = Table.read(tmp_path / "out.ecsv")
    for name, values in pixels().columns().items():
        np.testing.assert_array_equal(np.asarray(table[name]), values)
    assert table["rate"].unit == "DN / s"
    assert table.meta["detector"] == "NRS1"


def test_a_mask_date_defaults_to_the_last_dark(tmp_path, mask):
    late = pixels(onset_earliest=[-np.inf, EPOCH - 5], onset_latest=[EPOCH - 100, EPOCH - 1])
    listed = asdf_file.write(
        late, tmp_path / "list.asdf", asdf_file.Header(useafter="2022-07-01T00:00:00")
    )
    counts = []
    for at in ([], ["--at", "2023-02-10"]):
        command = [HOTPIX, "export", listed, "--to", "mask", "--base", mask, "--json", *at]
        command.append("--overwrite")
        out = subprocess.run(
            [*command, "-o", tmp_path / "m.fits"], capture_output=True, text=True, check=True
        )
        counts.append(json.loads(out.stdout)["n_pixels"])
    assert mjd("2023-02-10") < EPOCH - 5
    assert counts == [1, 0]


def test_an_image_of_eight_bits_lacks_the_flags_that_it_cannot_have(mask):
    with fits.open(mask, mode="update") as file:
        file["DQ"].data = (file["DQ"].data != 0).astype(np.uint8)
        places = np.argwhere(file["DQ"].data)
        row = list(file["DQ_DEF"].data["NAME"]).index("DO_NOT_USE")
        file["DQ_DEF"].data["VALUE"] = 2048
        file["DQ_DEF"].data["VALUE"][row] = 1
    known = read_mask(mask)
    assert np.argwhere(known.dq).tolist() == places.tolist()
    assert set(known.dq[tuple(places.T)]) == {1}
    assert not known.has("HOT", *places.T).any()
