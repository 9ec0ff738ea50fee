"""
Target acquisition exposures, written with the real data model and astropy.

No real one is public here: the table has the columns of the schema, and the two stars on NRS1 have
the values that jwst pull request 6757 shows. The header TARG_ACQ has the keywords that jwql reads.
"""

import numpy as np
from asdf.tags.core.ndarray import asdf_datatype_to_numpy_dtype
from astropy.io import fits
from stdatamodels.jwst import datamodels

from helpers import EPOCH

# name, image, detector, extract_col_start, extract_row_start, sci_x_centroid, sci_y_centroid
REAL_STARS = [
    ("131", 1, "NRS1", 1798, 1970, 1817.90107, 1987.05635),
    ("101", 1, "NRS1", 1531, 1650, 1534.0, 1671.0),
]
_COLUMNS = (
    *("reference_star_name", "exposure_id", "ref_star_detector"),
    *("extract_col_start", "extract_row_start", "sci_x_centroid", "sci_y_centroid"),
)


def write_msata(path, stars=REAL_STARS, **header):
    """Write a raw MSATA exposure with one row per star."""
    model = _raw("NRS_MSATA", **header)
    columns = model.schema["properties"]["msa_targ_acq_table"]["datatype"]
    table = np.zeros(len(stars), dtype=asdf_datatype_to_numpy_dtype(columns))
    for name, values in zip(_COLUMNS, zip(*stars, strict=True), strict=True):
        table[name] = values
    model.msa_targ_acq_table = table
    model.save(path)
    return path


def write_wata(path, **changes):
    """Write a raw WATA exposure of SUB32, its target in the middle of the aperture."""
    facts = {
        "REFSTNAM": "target", "TA_DTCTR": "NRS1", "EXTCOLST": 1399, "EXTROWST": 975,
        "SCIXCNTR": 1416.7, "SCIYCNTR": 992.3, **changes,
    }  # fmt: skip
    _raw("NRS_WATA", group_time=0.01496).save(path)
    with fits.open(path, mode="append") as hdus:
        hdus.append(fits.ImageHDU(name="TARG_ACQ"))
        hdus["TARG_ACQ"].header.update({k: v for k, v in facts.items() if v is not None})
    return path


def _raw(kind, *, group_time=10.73677, nframes=1, mid_time=EPOCH):
    model = datamodels.Level1bModel((1, 3, 32, 32))
    model.meta.instrument.name = "NIRSPEC"
    model.meta.instrument.detector = "NRS1"
    model.meta.exposure.type = kind
    model.meta.exposure.readpatt = "NRSRAPID"
    model.meta.exposure.mid_time = mid_time
    model.meta.exposure.group_time = group_time
    model.meta.exposure.nframes = nframes
    return model
