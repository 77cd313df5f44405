{# Schemas and names as spec 05 has them: no prefix of the target; code lists are dwh.code_<list>. #}

{% macro generate_schema_name(custom_schema_name, node) %}{{ custom_schema_name or target.schema }}{% endmacro %}

{% macro generate_alias_name(custom_alias_name=none, node=none) %}
    {%- if node.resource_type == 'seed' and not custom_alias_name -%}code_{{ node.name }}
    {%- else -%}{{ custom_alias_name or node.name }}{%- endif -%}
{% endmacro %}
