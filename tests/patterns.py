"""Sightings spelled out: what each dark says of a pixel, one letter per dark."""

import numpy as np

from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.ledger.sightings import Sightings

FORTNIGHT = 60000.0 + 14.0 * np.arange(40)


def sightings_of(
    patterns,
    *,
    epoch=FORTNIGHT,
    rate=5.0,
    hits=100,
    kind=None,
    detector="NRS1",
    floor=0.1,
    seconds=1000.0,
    windows=None,
):
    """
    Make sightings of pixels given as {(y, x): "..xx?S"}.

    A dot is cold, x hot at `rate`, S saturated, a question mark unseen; the last letter of a short
    pattern holds for all later darks. Each dark has `hits` false detections on rows above 1000.
    """
    chip, n = get_detector(detector), len(epoch)
    rng = np.random.default_rng(0)
    rows, unseen = [], []
    for (y, x), letters in patterns.items():
        level = rate[y, x] if isinstance(rate, dict) else rate
        for dark, letter in enumerate(letters.ljust(n, letters[-1])[:n]):
            value = np.inf if letter == "S" else level * (1 + 0.01 * rng.standard_normal())
            if letter in "xS":
                rows.append((y * chip.shape[1] + x, dark, value))
            elif letter == "?":
                unseen.append((y * chip.shape[1] + x, dark))
    for dark in range(n):
        place = rng.choice(np.arange(1004 * 2048, 2040 * 2048), hits, replace=False)
        rows += [(p, dark, 0.93 * np.exp(abs(rng.standard_normal()))) for p in place]
    table = np.array(sorted(rows, key=lambda row: row[:2])).reshape(-1, 3)
    hidden = np.array(sorted(unseen), dtype=np.int32).reshape(-1, 2)
    return Sightings(
        detector=chip,
        epoch=np.asarray(epoch, dtype=float),
        readout=("TRAD",) * n,
        kind=tuple(kind or ["dark"] * n),
        window=tuple(windows or [Window(detector=chip, shape=chip.shape)] * n),
        seconds=np.full(n, seconds),
        pedigree="SIMULATION",
        floor=np.full(n, floor, dtype=np.float32),
        pixel=table[:, 0].astype(np.int32),
        dark=table[:, 1].astype(np.int32),
        rate=table[:, 2].astype(np.float32),
        error=np.full(len(table), 0.02, dtype=np.float32),
        unseen_pixel=hidden[:, 0],
        unseen_dark=hidden[:, 1],
        digest="0" * 64,
    )
