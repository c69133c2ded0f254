"""The Jupyter server of each instance, as far as its disks are asked about: routes, wire, state."""
