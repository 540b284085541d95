"""What rules do: messages to people, and whatever else other rooms do for them."""
