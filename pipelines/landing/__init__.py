"""Landing: from offered files to typed, judged and pseudonymised rows in Parquet. BSN's never leave this package."""
