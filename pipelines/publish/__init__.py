"""Publishing elsewhere: releases into a database server, for tools that cannot open DuckDB."""
