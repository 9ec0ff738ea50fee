"""Trending: how the population of hot pixels grows, with honest errors."""

from jwst_hotpix.trending.series import Series, series_of
from jwst_hotpix.trending.trend import Trend, trend

__all__ = ["Series", "Trend", "series_of", "trend"]
