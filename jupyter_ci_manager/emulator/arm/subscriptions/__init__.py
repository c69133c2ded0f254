"""Subscriptions, resource groups and the cloud's own description."""
