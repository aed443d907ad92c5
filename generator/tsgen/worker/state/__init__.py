"""What a model remembers from call to call: what a call changes in it, whether later answers show it, and where."""
