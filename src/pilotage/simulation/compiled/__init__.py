"""A study's decision tables, written out as one loop and compiled to machine code."""
