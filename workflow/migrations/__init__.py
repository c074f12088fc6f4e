"""Schema versions; each must work with the code before it still running."""
