"""Every kind of dark gives the truth back, and what is no dark is refused by name."""

import numpy as np
import pytest
from astropy.io import fits
from stdatamodels.jwst.datamodels import dqflags

from darks import CORNER, EPOCH, HOT, SHAPE, rate_hdus, reference_hdus, write
from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.measure.rate import measure
from jwst_hotpix.simulate import World, use_cache, write_crds_cache, write_uncal
from jwst_hotpix.simulate.darks import write_dark_rate, write_dark_reference

FLAG = dqflags.pixel


@pytest.fixture(scope="module")
def world():
    return World.draw(detector="NRS1", readout="IRS2", months=12, stock=500)


def truth_within_errors(dark, world):
    good = dark.seen & ~dark.saturated
    sigma = (dark.rate - world.dark_rate(dark.epoch))[good] / dark.error[good]
    # The simulator adds leftover cosmic rays to an exposure, and telegraph pixels differ.
    return np.std(sigma[np.abs(sigma) < 6]), np.mean(np.abs(sigma) > 6)


def test_drk_is_the_dark_rate_within_unc(tmp_path, world):
    dark = measure(write_dark_reference(tmp_path / "anything.fits", world, known="2023-02-25"))
    scatter, outliers = truth_within_errors(dark, world)
    assert scatter == pytest.approx(1, abs=0.02)
    assert outliers < 1e-4
    assert (dark.kind, dark.readout, dark.epoch) == ("reference", "IRS2", EPOCH)
    assert dark.window.shape == (2048, 2048)
    assert dark.seen.sum() == 2040**2


def test_a_rate_product_is_the_dark_rate_but_for_masked_pixels(tmp_path, world):
    path = write_dark_rate(tmp_path / "anything.fits", world, start="2023-02-25", masked=59900.0)
    dark = measure(path)
    scatter, outliers = truth_within_errors(dark, world)
    assert scatter == pytest.approx(1, abs=0.02)
    assert outliers < 1e-4
    assert dark.kind == "dark"
    assert dark.epoch == pytest.approx(EPOCH + 500 / 86400, abs=1e-3)
    masked = world.mask_image(59900.0)
    assert not dark.seen[masked & ~dark.saturated].any()
    assert np.isinf(dark.rate[dark.saturated]).all()
    assert dark.saturated.any()


def test_the_ramp_beside_a_drk_is_not_read(tmp_path):
    hdus = reference_hdus()
    whole = measure(write(tmp_path / "whole.fits", hdus))
    hdus["SCI"].data[:] = np.nan
    spoilt = measure(write(tmp_path / "spoilt.fits", hdus))
    assert np.array_equal(whole.rate, spoilt.rate)
    assert whole.digest == spoilt.digest


@pytest.mark.parametrize("images", [("DRK", "UNC"), ("DRK",), ("AVDRKCUR",), ()])
def test_any_dark_reference_gives_the_same_rates(tmp_path, images):
    dark = measure(write(tmp_path / "x.fits", reference_hdus(images)))
    for place, rate in HOT.items():
        assert dark.rate[place] == pytest.approx(rate, rel=1e-4)
    assert np.median(dark.error) == pytest.approx(0.01, rel=0.1)
    assert dark.window.ystart == CORNER["SUBSTRT2"]
    assert dark.seen.all()


def test_a_pixel_that_saturates_in_a_references_ramp_keeps_its_rate_or_is_hot(tmp_path):
    hdus = reference_hdus((), hot={(5, 5): 1500.0, (6, 50): 9000.0})
    np.minimum(hdus["SCI"].data, 55_000, out=hdus["SCI"].data)
    dark = measure(write(tmp_path / "x.fits", hdus))
    assert dark.rate[5, 5] == pytest.approx(1500, rel=1e-3)
    assert dark.saturated[6, 50]
    assert dark.seen[6, 50]
    assert dark.saturated.sum() == 1


@pytest.mark.parametrize(
    ("cards", "history"),
    [({"BUNIT": "e-/s"}, ()), ({"BUNIT": "ELECTRONS/S"}, ()), ({}, ("rates in e-/s, ESA code",))],
)
def test_electrons_become_dn_by_a_gain_that_is_named(tmp_path, cards, history):
    path = write(tmp_path / "x.fits", reference_hdus(history=history, **cards))
    dark = measure(path, gain=1.25)
    assert dark.rate[10, 100] == pytest.approx(HOT[10, 100] / 1.25)
    assert (dark.facts["units"], dark.facts["gain"]) == ("e-/s", 1.25)
    assert measure(path).facts["gain"] == 1.0


def test_an_unnamed_unit_is_taken_as_dn_and_said_so(tmp_path):
    facts = measure(write(tmp_path / "x.fits", reference_hdus())).facts
    assert facts["units"] == "DN/s"
    assert facts["units_from"].startswith("assumed")


@pytest.mark.parametrize(
    ("options", "epoch", "known"),
    [
        ({"PEDIGREE": "INFLIGHT 2023-02-15 2023-03-07"}, EPOCH, EPOCH + 10),
        ({"history": ["DATA USED: darks of 2023-02-15 to 2023-03-07"]}, EPOCH, EPOCH + 10),
        ({"USEAFTER": "2023-02-25T12:00:00"}, EPOCH + 0.5, EPOCH + 0.5),
    ],
)
def test_a_reference_stands_for_the_middle_of_its_period(tmp_path, options, epoch, known):
    dark = measure(write(tmp_path / "x.fits", reference_hdus(**options)))
    assert (dark.epoch, dark.known) == (epoch, known)


def test_integrations_are_combined_without_their_cosmic_rays(tmp_path):
    hdus = rate_hdus()
    for name in ("SCI", "ERR", "DQ"):
        hdus[name].data = np.repeat(hdus[name].data[None], 5, axis=0)
    hdus["SCI"].data[2, 7, 7] = 300.0
    hdus["SCI"].data[3, 10, 100] = np.nan
    dark = measure(write(tmp_path / "x.fits", hdus))
    assert dark.facts["product"] == "rateints"
    assert abs(dark.rate[7, 7]) < 0.1
    assert dark.rate[10, 100] == pytest.approx(HOT[10, 100])
    assert np.median(dark.error) == pytest.approx(0.01 * 1.2533 / 5**0.5, rel=0.01)


def test_saturated_is_hot_but_its_grown_neighbors_are_unseen(tmp_path):
    hdus = rate_hdus()
    full = FLAG["SATURATED"] | FLAG["DO_NOT_USE"]
    hdus["DQ"].data[14:17, 49:52] = full
    hdus["DQ"].data[5, 5] = full
    hdus["DQ"].data[6, 60] = FLAG["SATURATED"]  # only late in the ramp: there is a rate
    hdus["SCI"].data[(hdus["DQ"].data & FLAG["DO_NOT_USE"]) != 0] = np.nan
    dark = measure(write(tmp_path / "x.fits", hdus))
    assert np.argwhere(dark.saturated).tolist() == [[5, 5], [15, 50]]
    assert dark.seen[14:17, 49:52].sum() == 1
    assert dark.seen[6, 60]


def test_a_finite_value_that_must_not_be_used_counts_only_where_it_is_hot(tmp_path):
    hdus = rate_hdus()
    hdus["DQ"].data[10, 100] = FLAG["HOT"] | FLAG["DO_NOT_USE"]
    hdus["DQ"].data[20, 300] = FLAG["DO_NOT_USE"]
    hdus["DQ"].data[:, :4] = FLAG["REFERENCE_PIXEL"]
    dark = measure(write(tmp_path / "x.fits", hdus))
    assert dark.seen[10, 100]
    assert not dark.seen[20, 300]
    assert not dark.seen[:, :4].any()


def spoil(name, value):
    def change(hdus):
        hdus[name].data = value(hdus[name].data) if callable(value) else value

    return change


def without(*cards):
    def change(hdus):
        for card in cards:
            del hdus[0].header[card]

    return change


def card(name, value, hdu=0):
    def change(hdus):
        hdus[hdu].header[name] = value

    return change


def as_table(name):
    def change(hdus):
        column = fits.Column(name="rate", format="E", array=np.ones(3, np.float32))
        hdus[hdus.index_of(name)] = fits.BinTableHDU.from_columns([column], name=name)

    return change


RAW_ROWS = np.zeros((3200, 2048), np.float32)


@pytest.mark.parametrize(
    ("make", "change", "message"),
    [
        (rate_hdus, card("INSTRUME", "NIRCAM"), "instrument: expected NIRSPEC, found NIRCAM"),
        (rate_hdus, card("DETECTOR", "NRS3"), "detector: expected one of .* found NRS3"),
        (rate_hdus, card("DETECTOR", "NRCA1"), "detector: expected one of NIRSPEC, found NRCA1"),
        (rate_hdus, card("EXP_TYPE", "NRS_MSASPEC"), "expected NRS_DARK, found NRS_MSASPEC"),
        (rate_hdus, card("S_DARK", "COMPLETE"), "expected SKIPPED .*, found COMPLETE"),
        (rate_hdus, card("SUBSIZE1", 2048), "32 rows and 512 columns, but .* says 32 and 2048"),
        (rate_hdus, card("SUBSTRT2", 2040), "y range .* within 1 to 2048, found 2040 to 2071"),
        (rate_hdus, without("SUBSTRT1"), "the header lacks SUBSTRT1"),
        (rate_hdus, without("READPATT"), "readout pattern .* found none"),
        (rate_hdus, without("EXPMID", "EXPSTART", "EXPEND"), "no date: none of EXPMID, EXPSTART"),
        (rate_hdus, card("EXPMID", -7e5), "date .EXPMID.: expected an MJD from 2021.* -700000"),
        (rate_hdus, card("BUNIT", "MJy/sr", "SCI"), "expected DN/s or e-/s, found 'MJy/sr'"),
        (rate_hdus, spoil("SCI", lambda data: data * np.nan), "expected numbers, found NaN"),
        (rate_hdus, spoil("SCI", lambda data: data - 5), "pixels negative .* found 100%"),
        (rate_hdus, spoil("SCI", lambda data: data + np.inf), "expected numbers"),
        (rate_hdus, spoil("SCI", lambda data: data + 1), "pixels hot .* found 100%"),
        (rate_hdus, spoil("DQ", np.zeros((2, 2), np.uint32)), r"DQ of the rate: expected \(32"),
        (rate_hdus, spoil("DQ", np.zeros(SHAPE, np.float32)), "DQ: expected integers, found fl"),
        (rate_hdus, spoil("ERR", lambda data: -data), "ERR of the rate: expected positive .* -0"),
        (rate_hdus, spoil("ERR", lambda data: data * 0), "expected positive errors, found 0 DN/s"),
        (rate_hdus, spoil("ERR", lambda data: data * np.nan), "expected positive .* found NaN in"),
        (rate_hdus, as_table("ERR"), "ERR: expected an image, found a table"),
        (reference_hdus, as_table("UNC"), "UNC: expected an image, found a table"),
        (reference_hdus, card("GAINFACT", 0.0), "GAINFACT: expected a positive number, found 0.0"),
        (reference_hdus, card("GAINFACT", "two"), "damaged FITS file: TypeError"),
        (reference_hdus, card("REFTYPE", "FLAT"), "expected DARK, found FLAT"),
        (reference_hdus, card("REFTYPE", "MASK"), "expected DARK, found MASK"),
        (reference_hdus, without("USEAFTER"), "no date: USEAFTER is not set"),
        (reference_hdus, card("USEAFTER", "soon"), "expected an ISO 8601 date, found 'soon'"),
        (reference_hdus, spoil("DRK", RAW_ROWS + 1), "3200 rows .* header says 32 and 512"),
        (reference_hdus, spoil("DRK", lambda data: data + 1), "pixels hot .* found 100%"),
    ],
)  # fmt: skip
def test_what_is_no_dark_is_refused_by_name_expected_and_found(tmp_path, make, change, message):
    hdus = make()
    change(hdus)
    path = write(tmp_path / "bad.fits", hdus)
    with pytest.raises(HotPixError, match=f"bad.fits: .*{message}"):
        measure(path)


def test_flags_of_any_integer_type_mean_the_same(tmp_path):
    hdus = rate_hdus()
    dq = np.zeros(SHAPE, np.uint8)
    dq[10, 100] = FLAG["DO_NOT_USE"]
    hdus[hdus.index_of("DQ")] = fits.ImageHDU(dq, name="DQ")
    dark = measure(write(tmp_path / "x.fits", hdus))
    assert dark.seen.sum() == dark.seen.size - 1


def test_one_infinite_pixel_is_an_error(tmp_path):
    hdus = rate_hdus()
    hdus["SCI"].data[3, 3] = np.inf
    with pytest.raises(HotPixError, match="expected finite, found 1 infinite"):
        measure(write(tmp_path / "x.fits", hdus))


@pytest.mark.parametrize("size", [0, 100, 5000, 80_000, 200_000])
def test_a_truncated_file_is_refused(tmp_path, size):
    path = write(tmp_path / "cut.fits", rate_hdus())
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(
        HotPixError,
        match=r"cut.fits: (not a FITS|truncated|damaged|(SCI|ERR|DQ|instrument).*expected)",
    ):
        measure(path)


def test_a_file_that_is_no_fits_is_refused(tmp_path):
    path = tmp_path / "x.fits"
    path.write_text("no dark at all\n" * 500)
    with pytest.raises(HotPixError, match="x.fits: not a FITS file"):
        measure(path)


@pytest.fixture(scope="module")
def raw_world():
    """Two pixels in SUB32, one known to the mask, and one that is full at once."""
    quiet = World.quiet(detector="NRS1", readout="TRAD")
    return quiet.with_pixels(
        [985, 990, 980], [1405, 1411, 1420], [30_000.0, 90_000.0, 8e6], onset=[59000, 60200, 59000]
    )


@pytest.fixture(scope="module")
def cache(raw_world, tmp_path_factory):
    root = tmp_path_factory.mktemp("crds")
    write_crds_cache(root, raw_world, deliveries="2023-01-01", subarrays=("SUB32",))
    with use_cache(root):
        yield root


def check_raw(dark, world, rel):
    y, x = world.y - dark.window.ystart + 1, world.x - dark.window.xstart + 1
    leak = 1 - 4 * world.alpha
    assert dark.rate[y[:2], x[:2]] == pytest.approx(world.rate[:2] * leak, rel=rel)
    assert dark.saturated[y[2], x[2]]
    assert dark.seen[y, x].all()


def test_a_raw_dark_gives_planted_rates_even_where_the_mask_knows_them(tmp_path, raw_world, cache):
    path = write_uncal(
        tmp_path / "x.fits", raw_world,
        start="2023-10-01T00:00:00", ngroups=8, nints=4, subarray="SUB32", dark=True,
    )  # fmt: skip
    dark = measure(path)
    check_raw(dark, raw_world, 0.02)
    assert dark.facts["product"] == "uncal"
    assert dark.facts["measured_by"].startswith("jwst ")


def test_a_raw_ramp_that_bends_is_measured_before_it_does(tmp_path, raw_world, cache):
    path = write_uncal(
        tmp_path / "x.fits", raw_world,
        start="2023-10-01T00:00:00", ngroups=12, nints=4, subarray="SUB32", dark=True,
    )  # fmt: skip
    charge, groups = 12_000.0, 4.0
    with fits.open(path, mode="update") as hdus:
        step = hdus[0].header["TGROUP"]
        ramp = hdus["SCI"].data
        bend = charge * -np.expm1(-np.arange(1, 13) / groups)
        # In place of what a quiet pixel gains.
        ramp[:, :, 15, 10] = (ramp[:, :1, 15, 10] + bend).astype(ramp.dtype)
    at_once = charge / (groups * step)
    rate = measure(path).rate[15, 10]
    assert 0.65 * at_once < rate < at_once
    # The jump step would leave the slope of the last groups, a tenth of that.
    assert rate > 5 * (bend[-1] - bend[-4]) / (3 * step)


def test_a_dark_ramp_goes_on_where_calwebb_dark_stopped(tmp_path, raw_world, cache):
    from jwst.pipeline import DarkPipeline

    raw = write_uncal(
        tmp_path / "x.fits", raw_world,
        start="2023-10-01T00:00:00", ngroups=8, subarray="SUB32", dark=True,
    )  # fmt: skip
    ramp = DarkPipeline.call(str(raw))
    ramp.save(tmp_path / "y.fits")
    dark = measure(tmp_path / "y.fits")
    check_raw(dark, raw_world, 0.04)
    assert dark.facts["product"] == "dark"
    assert SHAPE != dark.window.shape == (32, 32)


def test_a_full_frame_raw_dark_gives_planted_rates(tmp_path, cache):
    world = World.quiet(detector="NRS1", readout="TRAD").with_pixels(
        [985, 1200, 300], [1405, 30, 2000], [200.0, 500.0, 20_000.0], onset=59000.0
    )
    path = write_uncal(
        tmp_path / "x.fits", world, start="2023-10-01T00:00:00", ngroups=4, dark=True
    )
    dark = measure(path)
    check_raw(dark, world, 0.05)
    path.unlink()


def test_no_reference_files_are_an_error_of_that_file(tmp_path, raw_world, cache):
    path = write_uncal(
        tmp_path / "x.fits", raw_world,
        start="2022-10-01T00:00:00", ngroups=3, subarray="SUB32", dark=True,
    )  # fmt: skip
    with pytest.raises(HotPixError, match="x.fits: steps of jwst: expected a rate, found"):
        measure(path)
    assert fits.getheader(path)["EXP_TYPE"] == "NRS_DARK"
