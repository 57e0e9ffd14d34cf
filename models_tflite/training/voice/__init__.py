"""How the voice models are made, and judged by actors they have never heard."""
