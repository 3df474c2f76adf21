"""Benchmarks: commands that print figures. They are run by hand, not by the test suite; see README.md."""
