"""Tests of the project itself: its walls, its sizes, its files and its set-up."""
