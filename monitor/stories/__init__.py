"""What is the same news: identity of entries and stories, pure. Threading by likeness enters in `sift`."""
