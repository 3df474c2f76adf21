"""tocsin: an alarm bell for the news. The rooms of this package, and who may enter them, stand in the README."""

__version__ = "0.1.0"
