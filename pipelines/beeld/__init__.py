"""What people look at: a factsheet per gemeente and the dashboard, made from the publication of a release only."""
