"""Tests of sound and speech."""
