"""Workspaces: their documents, keys, and the wire."""
