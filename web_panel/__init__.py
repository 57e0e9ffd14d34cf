"""The panel: what people see, press and read, in a browser."""
