"""The poorten as asset checks: one check per rule, blocking when the rule says so."""

from collections.abc import Iterator

import dagster as dg
import duckdb

from pipelines.quality import nummers, outcomes, poorten
from pipelines.quality.regels import Poort, regels
from pipelines.refresh import Verversing
from pipelines.release import database, switch


def maak_poort(poort: Poort, asset: str) -> dg.AssetChecksDefinition:
    """The checks of one poort on ``asset``; a rule that blocks keeps everything downstream from running."""
    specs = [dg.AssetCheckSpec(r.id, asset=asset, description=r.titel, blocking=True) for r in regels(poort)]

    @dg.multi_asset_check(name=f"poort_{poort}", specs=specs)
    def toets(
        context: dg.AssetCheckExecutionContext, verversing: dg.ResourceParam[Verversing]
    ) -> Iterator[dg.AssetCheckResult]:
        oordelen = doorloop(poort, verversing)
        blokkeert = {o.regel for o in poorten.blokkades(oordelen, verversing.overrides)}
        for regel in regels(poort):
            van_regel = [o for o in oordelen if o.regel == regel.id]
            yield dg.AssetCheckResult(
                check_name=regel.id,
                asset_key=asset,
                passed=all(o.geslaagd for o in van_regel),
                severity=dg.AssetCheckSeverity.ERROR if regel.id in blokkeert else dg.AssetCheckSeverity.WARN,
                description=" ".join(o.zin for o in van_regel),
                metadata={o.effect: o.status for o in van_regel},
            )

    return toets


def doorloop(poort: Poort, v: Verversing) -> list[poorten.Oordeel]:
    """Measure and judge one poort for a refresh, and keep the outcomes, whatever they are."""
    vorige = switch.huidige(v.home)
    geslaagd = nummers.geslaagde_bestanden(v.vorige, v.home.bouw_publicatie.parent) if v.vorige else ()
    with duckdb.connect(str(v.home.bouw_warehouse), config=database.geheugen(v.home.bouw_warehouse)) as con:
        poorten.meet(
            con,
            poort,
            periode=str(v.periode),
            drempels=v.drempels,
            vorige=vorige / "warehouse.duckdb" if vorige else None,
            publicatie=v.home.bouw_publicatie,
            regels_onthulling=v.settings.onthulling,
            stelsels=v.home.bouw_onthulling,
            alles_opnieuw=v.vorige is None,
            geslaagde_bestanden=geslaagd,
        )
    docs = v.home.kwaliteit / "datadocs" / v.refresh / poort
    oordelen = poorten.beoordeel(v.home.bouw_warehouse, poort, drempels=v.drempels, docs=docs)
    with duckdb.connect(str(v.home.bouw_warehouse), read_only=True) as con:
        tabel = outcomes.uitkomsten(
            con, poort, oordelen, refresh=v.refresh, periode=str(v.periode), overrides=v.overrides
        )
    outcomes.bewaar(v.home.wortel, tabel)
    v.uitkomsten.append(tabel)
    v.oordelen += oordelen
    dicht = poorten.blokkades(oordelen, v.overrides)
    v.meld(f"poort {poort}: {len(oordelen)} oordelen, {f'{len(dicht)} blokkeren' if dicht else 'open'}")
    return oordelen
