"""Words: folding, tokens with offsets into the original, plain text out of markup. Pure."""
