"""Tests of the doctor: each check against the real thing where there is one."""
