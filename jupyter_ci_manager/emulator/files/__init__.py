"""Azure Files: the workspace's file share, kept in a directory. Spoken over its REST API."""
