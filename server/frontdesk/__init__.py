"""Frontdesk: in-app messaging and visitor engagement."""

__version__ = "0.1.0"
