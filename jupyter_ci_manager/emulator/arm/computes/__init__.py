"""Computes of a workspace: documents, rules, lifecycle and the wire."""
