"""Findings that need more than one levering: vanished records (S04), loose maatregelen (S05), loose outcomes (A12)."""

from __future__ import annotations

import duckdb
import polars as pl

# The row is that of the levering of the period before; the finding belongs to the period in which the record is missing.
_VERDWENEN = """
select
    vorige.bestand, '{feed}' as feed, r.leverancier, nu.periode, r.rij,
    'datum_einde' as kolom, 'S04' as code,
    'Dit record liep nog in de levering van ' || r.periode || ' en staat niet meer in die van ' || nu.periode
    || ': het telt als geeindigd. Lever het alsnog, met einddatum als het is geeindigd.' as melding
from landing.{feed} as r
join landing.levering as vorige on r.levering = vorige.levering
join landing.levering as nu
    on nu.feed = '{feed}' and nu.leverancier = r.leverancier and nu.status = 'van_kracht'
    and nu.periode = case when r.periode like '%H1' then left(r.periode, 4) || 'H2'
                          else (left(r.periode, 4)::int + 1)::varchar || 'H1' end
where r.datum_einde is null {extra}
    and not exists (
        select 1 from landing.{feed} as later
        where later.levering = nu.levering and later.persoon = r.persoon
            and {sleutel}
    )
"""

_OVERDRACHT = """
select l.bestand, 'maatregelen' as feed, r.leverancier, r.periode, r.rij, '{kolom}' as kolom, 'S05' as code,
    '{melding}' as melding
from landing.maatregelen as r
join landing.levering as l on r.levering = l.levering
where r.{kolom} is not null
    and not exists (
        select 1 from landing.maatregelen as ander
        where ander.persoon = r.persoon and ander.type_maatregel = r.type_maatregel
            and ander.{tegenhanger} = r.{kolom} {verschil}
    )
"""

_ZONDER_RECORD = """
select l.bestand, '{feed}' as feed, r.leverancier, r.periode, r.rij, 'datum_aanvang' as kolom, 'A12' as code,
    case when r.bsn_bekend
        then 'Deze meting hoort bij geen jeugdhulprecord dat is geleverd; zij telt niet mee. '
            || 'Controleer BSN, hulpvorm en aanvangsdatum.'
        else 'Een meting zonder bekend BSN hoort bij niemand; zij telt niet mee. Vul het BSN in.' end as melding
from landing.{feed} as r
join landing.levering as l on r.levering = l.levering
where not r.bsn_bekend
    or not exists (
        select 1 from landing.jeugdhulp as j
        where j.leverancier = r.leverancier and j.persoon = r.persoon and j.hulpvorm = r.hulpvorm
            and j.datum_aanvang = r.datum_aanvang
    )
"""

UITKOMSTFEEDS = ("doelen", "tevredenheid", "step")


def bevindingen(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """S04, S05 and A12 over all leveringen in force in schema landing.

    Columns: bestand, feed, leverancier, periode, rij, kolom, code, melding.
    """
    vragen = [
        _VERDWENEN.format(
            feed="jeugdhulp",
            extra="",
            sleutel="later.hulpvorm = r.hulpvorm and later.datum_aanvang = r.datum_aanvang",
        ),
        _VERDWENEN.format(
            feed="maatregelen",
            extra="and r.datum_overgedragen is null",
            sleutel="later.type_maatregel = r.type_maatregel and later.datum_aanvang is not distinct from "
            "r.datum_aanvang and later.datum_overgedragen_gekregen is not distinct from r.datum_overgedragen_gekregen",
        ),
        _OVERDRACHT.format(
            kolom="datum_overgedragen_gekregen",
            tegenhanger="datum_overgedragen",
            verschil="- interval 1 day",
            melding="Deze maatregel is overgenomen, maar geen andere GI leverde de overdracht een dag eerder. "
            "Controleer de datum en het type met de vorige GI.",
        ),
        _OVERDRACHT.format(
            kolom="datum_overgedragen",
            tegenhanger="datum_overgedragen_gekregen",
            verschil="+ interval 1 day",
            melding="Deze maatregel is overgedragen, maar geen andere GI leverde de overname een dag later: hij telt "
            "als geeindigd. Controleer de datum en het type met de nieuwe GI.",
        ),
        *(_ZONDER_RECORD.format(feed=feed) for feed in UITKOMSTFEEDS),
    ]
    # one at a time: together they take as much memory as all of them
    return pl.concat([con.execute(vraag).pl() for vraag in vragen])
