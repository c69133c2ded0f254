"""Long-running operations: their status documents and result locations."""
