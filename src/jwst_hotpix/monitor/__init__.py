"""From darks to the interim list: measure, remember, and say when each pixel was hot."""
