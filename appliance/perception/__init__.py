"""Media to observations: what the camera saw and the microphone heard, before anyone judges it."""
