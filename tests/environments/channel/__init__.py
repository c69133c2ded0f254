"""A small but real Conda channel: this machine's CPython and packages of PyPI, built once."""
