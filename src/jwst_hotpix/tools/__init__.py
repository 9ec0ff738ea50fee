"""Tools that know nothing of hot pixels: dates, atomic files, workers, medians."""
