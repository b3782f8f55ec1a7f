"""The tour of the desk: shown at the first start, left at any step, taken again at will."""
