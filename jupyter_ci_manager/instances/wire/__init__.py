"""Azure's JSON to our models and back: the only place that knows the wire keys of ARM. No I/O.

Keys that this version does not know are ignored here; the resource itself keeps them.
Source: Azure Machine Learning REST API, version 2025-12-01.
"""
