"""Why claims and data differ: each cause looked for by itself, each with its evidence."""
