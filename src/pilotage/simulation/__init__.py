"""The trial before it starts: its size and boundaries, and virtual subjects under its own rules."""
