"""Words for the feedback, by a language model on the site's own network: facts in, words out."""
