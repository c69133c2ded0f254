"""Benchmarks: what the design promises, measured side by side in one run. Not part of the tests."""
