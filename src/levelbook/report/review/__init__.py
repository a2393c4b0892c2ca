"""Reviews as text, JSON, Markdown, HTML, GitHub annotations, SARIF and JUnit: one function per format."""
