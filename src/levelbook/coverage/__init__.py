"""What of an API has been exercised, how often, and by which test."""
