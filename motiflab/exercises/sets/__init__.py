"""The exercises themselves, one module for each practice notebook."""
