"""Small darks made by hand: a subarray of noise with a few hot pixels."""

import numpy as np
from astropy.io import fits

from jwst_hotpix.simulate.crds_hdus import dq_def

EPOCH = 60000.0
SHAPE = (32, 512)
CORNER = {"SUBSTRT1": 1025, "SUBSTRT2": 957}
NOISE = 0.01
HOT = {(10, 100): 5.0, (20, 300): 0.5}  # row, column in the subarray: DN/s

_COMMON = {
    "TELESCOP": "JWST",
    "INSTRUME": "NIRSPEC",
    "DETECTOR": "NRS1",
    "EXP_TYPE": "NRS_DARK",
    "READPATT": "NRSRAPID",
    "SUBARRAY": "SUB512",
    "SUBSIZE1": SHAPE[1],
    "SUBSIZE2": SHAPE[0],
    **CORNER,
}


def quiet(seed=0, hot=HOT):
    """Rates of a quiet subarray with hot pixels, and their errors."""
    rng = np.random.default_rng(seed)
    rate = rng.normal(0.01, NOISE, SHAPE).astype(np.float32)
    for place, value in hot.items():
        rate[place] = value
    return rate, np.full(SHAPE, NOISE, np.float32)


def rate_hdus(epoch=EPOCH, seed=0, hot=HOT, **cards):
    """A ``_rate`` product of a dark exposure."""
    rate, error = quiet(seed, hot)
    dq = np.zeros(SHAPE, np.uint32)
    primary = fits.PrimaryHDU()
    primary.header.update(
        {**_COMMON, "EXPMID": epoch, "EXPSTART": epoch - 0.01, "EXPEND": epoch + 0.01, **cards}
    )
    images = {"SCI": rate, "ERR": error, "DQ": dq}
    hdus = fits.HDUList([primary, *(fits.ImageHDU(image, name=n) for n, image in images.items())])
    hdus["SCI"].header["BUNIT"] = "DN/s"
    return hdus


def reference_hdus(images=("DRK", "UNC"), history=(), seed=0, hot=HOT, ngroups=5, **cards):
    """A DARK reference file with ``images`` in addition to the ramp SCI."""
    rate, error = quiet(seed, hot)
    primary = fits.PrimaryHDU()
    header = {"REFTYPE": "DARK", "USEAFTER": "2023-02-25T00:00:00", "TGROUP": 10.0}
    primary.header.update({**_COMMON, **header, "PEDIGREE": "INFLIGHT", **cards})
    for line in history:
        primary.header["HISTORY"] = line
    time = np.arange(1, ngroups + 1, dtype=np.float32)[:, None, None] * 10
    known = {"DRK": rate, "UNC": error, "AVDRKCUR": rate}
    arrays = {"SCI": time * rate, **{name: known[name] for name in images}}
    hdus = [fits.ImageHDU(image, name=name) for name, image in arrays.items()]
    hdus.append(fits.ImageHDU(np.zeros(SHAPE, np.uint8), name="DQ"))
    return fits.HDUList([primary, *hdus, dq_def()])


def write(path, hdus):
    hdus.writeto(path, overwrite=True)
    return path
