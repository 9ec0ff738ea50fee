"""Trending: how the population of hot pixels grows, with honest errors."""

from jwst_hotpix.trending.gather import Gathered, Wanted, gather
from jwst_hotpix.trending.series import Series, series_of
from jwst_hotpix.trending.trend import Trend, trend

__all__ = ["Gathered", "Series", "Trend", "Wanted", "gather", "series_of", "trend"]
