"""Work on hostile input in processes that have limits and can be killed."""
