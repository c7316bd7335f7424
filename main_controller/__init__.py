"""Main Controller: the control room of APIS microgrids."""

__version__ = "0.1.0"
