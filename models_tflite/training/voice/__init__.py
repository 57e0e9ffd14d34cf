"""How `voice_forest.npz` was made: a forest on RAVDESS, judged by actors it has never heard."""
