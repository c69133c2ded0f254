"""Virtual networks of Microsoft.Network: their documents and the wire."""
