"""What the step does to a product: which pixels, which bits, which cards."""
