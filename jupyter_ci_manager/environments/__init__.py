"""Conda environments and Jupyter kernels of this machine."""
