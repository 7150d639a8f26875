"""The oracle: the same subjects, one at a time, asked of the rules of the bedside."""
