"""Buyers by recency, frequency and money (RFM): how each stands against the mean of those who bought in a year."""
