"""Tests of signing in and out at a desk."""
