"""What every room stands on: no domain words here."""
