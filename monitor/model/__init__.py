"""The nouns of tocsin: frozen data without behaviour. Every moment is an aware UTC datetime."""
