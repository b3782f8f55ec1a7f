"""The composition root: reads the arguments, builds the parts, starts them, stops them in reverse."""
