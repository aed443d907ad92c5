"""From a model to the best export that is faithful."""
