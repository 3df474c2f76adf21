"""The query language once more, written from its documentation alone and as plainly as it can be."""
