"""The administrator's side: pages for who is signed in."""
