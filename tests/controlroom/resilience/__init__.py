"""Tests of the services' structure, margins and expectations."""
