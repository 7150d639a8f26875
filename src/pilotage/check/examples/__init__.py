"""The worked examples of a study: read, made into tables, asked and compared."""
