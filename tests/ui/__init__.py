"""Tests of the desk and of the terminal views."""
