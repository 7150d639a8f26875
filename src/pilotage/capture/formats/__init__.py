"""How numbers and days are written: alike in every language, so that none is read in two ways."""
