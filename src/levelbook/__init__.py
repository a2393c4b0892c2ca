"""One OpenAPI document in; a validator for real traffic, documentation and a history of the API out."""

__version__ = "0.1.0"
