"""The log panel of the desk."""
