"""The page of alarm health."""
