"""How numbers and days are written: alike in every language."""
