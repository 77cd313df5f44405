"""The jeugdmonitor: from leveringen to a published release. See README.md for the map."""
