"""Usage examples: marked snippets of real files, and requests generated from the document."""
