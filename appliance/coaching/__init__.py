"""From observations to measures and advice: pure functions, no clock, no device."""
