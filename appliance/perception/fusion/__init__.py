"""Face and voice together: aligned in time, calibrated, and able to say "not sure"."""
