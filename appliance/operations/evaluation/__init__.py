"""`booth evaluate`: what each model is right about, on labelled data, run as the device runs it."""
