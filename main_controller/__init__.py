"""Main Controller: the control room of APIS microgrids."""

__version__ = "1.0.0"
