"""How much face and voice know together, by actors that nothing has been fitted on."""
