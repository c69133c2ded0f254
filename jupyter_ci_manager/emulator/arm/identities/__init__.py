"""User-assigned identities of Microsoft.ManagedIdentity: their documents and the wire."""
