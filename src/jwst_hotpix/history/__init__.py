"""From sightings to intervals, and from intervals to a list."""
