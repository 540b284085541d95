"""What is kept, for how long, by month; and the letters that wait to be sent again."""
