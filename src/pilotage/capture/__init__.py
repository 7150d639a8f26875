"""The web application in which the trial is conducted: the only package that knows Django."""
