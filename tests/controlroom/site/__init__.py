"""Tests of the site file: its mistakes, lines, secrets and starter."""
