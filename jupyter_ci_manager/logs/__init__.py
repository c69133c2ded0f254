"""Logs of setup scripts and of operations: found, read while they grow, understood."""
