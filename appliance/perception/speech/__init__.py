"""Speech to words with their times, by whichever engine the machine has."""
