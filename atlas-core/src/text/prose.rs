//! What of a text is prose: the words that say what a ticket is about.
