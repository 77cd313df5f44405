"""The Dagster assets: thin; what they do is in landing, dbt_project, quality and release."""
