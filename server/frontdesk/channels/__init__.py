"""Ways out of the house: what is sent to other systems and to people who are not on the site, row by row."""
