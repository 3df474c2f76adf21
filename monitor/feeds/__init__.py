"""Feed documents: RSS, RDF, Atom and JSON Feed become one normalised form. The only room that knows feedparser."""
