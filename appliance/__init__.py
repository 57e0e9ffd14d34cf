"""Interview Booth: an interview-practice appliance that runs wholly on the device."""
