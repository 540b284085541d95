"""What arrives from probes and SDKs: parsed at the border, stored in groups."""
