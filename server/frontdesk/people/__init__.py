"""Visitors, contacts and companies: whom we talk to."""
