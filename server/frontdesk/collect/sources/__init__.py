"""Where people come from: campaigns, click ids, sites that link here, and the channel they make."""
