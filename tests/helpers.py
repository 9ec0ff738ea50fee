"""Small lists and products in memory."""

import numpy as np
from stdatamodels.jwst import datamodels
from stdatamodels.jwst.datamodels import dqflags

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.provenance import Provenance

EPOCH = 60000.0
HOT = dqflags.pixel["HOT"]
DNU = dqflags.pixel["DO_NOT_USE"]
OTHER = dqflags.pixel["OTHER_BAD_PIXEL"]
TELEGRAPH = dqflags.pixel["TELEGRAPH"]


def make_list(y, x, *, detector="NRS1", readout="TRAD", **columns):
    """Pixels hot from the start, first seen hot a hundred days before EPOCH."""
    provenance = columns.pop(
        "provenance", Provenance(pedigree="INFLIGHT", coverage=(EPOCH - 500, EPOCH))
    )
    values = {"onset_latest": EPOCH - 100, "rate": 10.0, **columns}
    return PixelList.build(
        detector=detector, readout=readout, provenance=provenance, y=y, x=x, **values
    )


def describe(model, *, detector="NRS1", readpatt="NRSRAPID", corner=(1, 1), size=None):
    """Set the header that the step reads; ``corner`` is one-based (y, x)."""
    ny, nx = size or model.data.shape[-2:]
    model.meta.filename = "jw01234001001_03101_00001_nrs1_test.fits"
    model.meta.instrument.name = "NIRSPEC"
    model.meta.instrument.detector = detector
    model.meta.exposure.type = "NRS_FIXEDSLIT"
    model.meta.exposure.readpatt = readpatt
    model.meta.exposure.mid_time = EPOCH
    model.meta.observation.date = "2023-02-25"
    model.meta.observation.time = "00:00:00"
    subarray = model.meta.subarray
    subarray.ystart, subarray.xstart = corner
    subarray.ysize, subarray.xsize = ny, nx
    return model


def make_ramp(shape=(2048, 2048), ngroups=2, **header):
    """A ramp after dq_init; with 3200 rows it is a raw IRS2 ramp."""
    model = datamodels.RampModel()
    model.data = np.ones((1, ngroups, *shape), dtype=np.float32)
    model.pixeldq = np.zeros(shape, dtype=np.uint32)
    model.groupdq = np.zeros((1, ngroups, *shape), dtype=np.uint8)
    model.meta.cal_step.dq_init = "COMPLETE"
    size = (2048, 2048) if shape[0] == 3200 else None
    return describe(model, **{"size": size, **header})


def fill(model, shape):
    """Set the arrays of a rate or calibrated product to one, and its DQ to zero."""
    for name in ("data", "err", "var_poisson", "var_rnoise"):
        setattr(model, name, np.ones(shape, dtype=np.float32))
    model.dq = np.zeros(shape, dtype=np.uint32)
    return model


def make_rate(shape=(2048, 2048), kind=datamodels.ImageModel, **header):
    """A rate, rateints or IFU product."""
    return describe(fill(kind(), shape), **header)


def make_multislit(corners, shape=(10, 20), **header):
    """A calibrated product with one slit at each one-based corner (y, x) of the exposure."""
    model = datamodels.MultiSlitModel()
    for ystart, xstart in corners:
        slit = fill(datamodels.SlitModel(), shape)
        slit.ystart, slit.xstart = ystart, xstart
        slit.ysize, slit.xsize = shape
        model.slits.append(slit)
    return describe(model, **{"size": (2048, 2048), **header})
