"""THE OFFICE — who does it, and the record."""

__version__ = "0.1.0"
