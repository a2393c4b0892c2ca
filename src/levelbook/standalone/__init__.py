"""What a validator on the standard library alone consists of: a JSON Schema engine, strict JSON."""
