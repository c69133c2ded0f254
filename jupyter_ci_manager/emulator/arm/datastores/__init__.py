"""Datastores: their documents, their secrets, and the wire."""
