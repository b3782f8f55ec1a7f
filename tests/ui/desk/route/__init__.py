"""Tests of the route on the desk."""
