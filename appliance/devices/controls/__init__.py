"""A button and a light, and what stands in for them where there are none."""
