"""The disks of the machine that the Jupyter server runs on."""
