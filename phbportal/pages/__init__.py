"""Hand-made pages: page and state in one module."""
