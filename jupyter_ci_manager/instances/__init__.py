"""Compute instances: the rules, the adapter to Azure Resource Manager, sign-in and workspace."""
