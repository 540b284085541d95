"""Rules asked: the moments of people, what each rule concludes, and what is done about it."""
