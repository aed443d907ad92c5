"""The noise floors of an export that was made without them."""
