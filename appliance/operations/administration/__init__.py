"""What the administrator's side of the panel works with: settings, checks, support."""
