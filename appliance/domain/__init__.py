"""What every room speaks: media, observations, the report, errors."""
