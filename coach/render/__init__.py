"""Results into text for people. Decides nothing."""
