"""The Jupyter server of each instance, as far as it is asked: disks, terminals, who gets in."""
