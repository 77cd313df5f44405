-- Population per region and verslagjaar, the latest year not after it; jeugdregio and subregio are the sum of their
-- gemeenten and NULL when one of them has none (02 §4).
with bevolking as (
    select
        regio_code,
        jaar,
        sum(case when leeftijd <= 17 then aantal else 0 end) as inwoners_0_17,
        sum(case when leeftijd >= 12 then aantal else 0 end) as inwoners_12_22,
        sum(aantal) as inwoners_0_22
    from {{ ref('stg_bevolking') }}
    group by regio_code, jaar
),

direct as (
    select r.jaar, r.regio_niveau, r.regio_code, b.jaar as noemer_jaar, b.inwoners_0_17, b.inwoners_12_22, b.inwoners_0_22
    from (select distinct jaar, regio_niveau, regio_code from {{ ref('int_regio_periode') }}) as r
    left join bevolking as b on r.regio_code = b.regio_code and b.jaar <= r.jaar
    where r.regio_niveau in ('provincie', 'gemeente', 'wijk')
    qualify row_number() over (partition by r.jaar, r.regio_niveau, r.regio_code order by b.jaar desc nulls last) = 1
),

opgeteld as (
    {% for niveau in ['jeugdregio', 'subregio'] %}
    select
        g.jaar,
        '{{ niveau }}' as regio_niveau,
        g.{{ niveau }} as regio_code,
        case when count(d.noemer_jaar) = count(*) then min(d.noemer_jaar) end as noemer_jaar,
        case when count(d.noemer_jaar) = count(*) then sum(d.inwoners_0_17) end as inwoners_0_17,
        case when count(d.noemer_jaar) = count(*) then sum(d.inwoners_12_22) end as inwoners_12_22,
        case when count(d.noemer_jaar) = count(*) then sum(d.inwoners_0_22) end as inwoners_0_22
    from {{ ref('int_gebied') }} as g
    left join direct as d on d.regio_niveau = 'gemeente' and g.gemeentecode = d.regio_code and g.jaar = d.jaar
    where g.{{ niveau }} <> 'onbekend'
    group by g.jaar, g.{{ niveau }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from direct
union all
select * from opgeteld
