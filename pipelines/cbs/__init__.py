"""CBS Open Data: published tables over OData, laid down as leveringen like any other file. Offline unless told otherwise."""
