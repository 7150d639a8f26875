"""Size, boundaries and decision of a trial, by exact mathematics."""
