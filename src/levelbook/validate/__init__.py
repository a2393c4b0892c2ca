"""Is this exchange right? Requests and responses against the document."""
