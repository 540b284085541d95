"""From text and trees to rules, and back."""
