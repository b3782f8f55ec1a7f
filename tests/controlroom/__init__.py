"""Tests of controlroom, in the same folders as the code."""
