"""What an exposure shows, and when: on disk, in memory, and where to find exposures."""
