"""Flow tests: the product as its users meet it, with real processes. What is pure logic is tested in tests/unit."""
