"""The tables of the report: lines of each kind of analysis, and the layouts that gather them."""
