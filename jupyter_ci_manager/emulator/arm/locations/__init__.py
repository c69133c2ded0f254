"""What a region offers: VM sizes with prices, quotas and their use."""
