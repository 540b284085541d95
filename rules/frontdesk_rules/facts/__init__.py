"""What is known: the catalogue of fields, the moment, and the ports that gather the rest."""
