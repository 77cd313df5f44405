"""Assets of the release: the publication, and the release that readers get."""

import dagster as dg
import duckdb
import polars as pl

from pipelines.assets.monitor import manifest
from pipelines.assets.resources import PERIODEN
from pipelines.beeld import dashboard, factsheet
from pipelines.quality import outcomes
from pipelines.refresh import Verversing
from pipelines.release import beschrijving, bestanden, build, diff, switch, toegang
from pipelines.release import manifest as release_manifest


def maak_uitgifte(monitor: dg.AssetsDefinition) -> list[dg.AssetsDefinition]:
    """The assets ``publicatie`` (what would be published) and ``release`` (what is)."""

    @dg.asset(partitions_def=PERIODEN, group_name="uitgifte", kinds={"duckdb"}, deps=[monitor])
    def publicatie(verversing: dg.ResourceParam[Verversing]) -> None:
        """De monitor na onthullingscontrole, klaar om getoetst te worden."""
        v = verversing
        v.onthulling = build.bouw_publicatie(
            v.home.bouw_warehouse,
            v.home.bouw_publicatie,
            manifest(),
            v.settings.onthulling,
            eerdere=[v.home.releases / naam / "publicatie.duckdb" for naam in switch.releases(v.home)],
            meld=lambda tekst: v.meld(f"onthulling: {tekst}"),
            map_=v.home.bouw_onthulling,
            vorige=v.vorige,
        )
        klein, erbij, eerder = (
            sum(t[k] for t in v.onthulling.values()) for k in ("verborgen", "verborgen_erbij", "eerder_gedrukt")
        )
        v.meld(
            f"publicatie gemaakt: {klein} waarden te klein, {erbij} erbij verborgen, {eerder} daarvan eerder getoond"
        )
        # before the poort, which looks into the files too
        bestanden.schrijf(
            v.home.bouw_publicatie.parent,
            switch.volgende_naam(v.home, str(v.periode)),
            str(v.periode),
            beschrijving.structuren(manifest()),
            v.vorige,
        )

    @dg.asset(partitions_def=PERIODEN, group_name="uitgifte", kinds={"duckdb"}, deps=[publicatie])
    def release(verversing: dg.ResourceParam[Verversing]) -> dg.MaterializeResult:
        """De nieuwe release; lezers krijgen hem in een stap."""
        v = verversing
        with duckdb.connect(str(v.home.bouw_warehouse)) as con:
            outcomes.laad(con, v.home.wortel)
        build.maak_warehouse_af(v.home.bouw_warehouse)
        naam = switch.volgende_naam(v.home, str(v.periode))
        gebouwd = v.home.bouw_warehouse.parent
        inhoud = release_manifest.stel_op(
            gebouwd,
            naam,
            str(v.periode),
            v.settings,
            v.leveringen,
            pl.concat(v.uitkomsten),
            v.overrides,
            v.onthulling,
        )
        structuur = beschrijving.structuren(manifest())
        inhoud["structuur"] = {tabel: s.model_dump(exclude_defaults=True) for tabel, s in structuur.items()}
        vorige = switch.huidige(v.home)
        if vorige is not None:
            waarom = diff.redenen(switch.manifest(vorige), inhoud)
            with diff.veranderd(vorige, gebouwd, gebouwd) as con:
                aantal = diff.schrijf_revisie(con, waarom, vorige.name, naam, gebouwd / "revisie")
            v.meld(f"{aantal} waarden veranderd tegenover {vorige.name}: zie revisie/")
        v.meld(f"{factsheet.schrijf(gebouwd, naam)} factsheets gemaakt")
        dashboard.schrijf(gebouwd, naam, v.settings.kaart)
        release_manifest.schrijf(gebouwd, inhoud)
        toegang.stel_in(gebouwd, v.settings.analisten)
        v.release = switch.plaats(v.home, gebouwd, naam)
        switch.zet_current(v.home, naam)
        v.meld(f"release {naam} uitgegeven")
        return dg.MaterializeResult(metadata={"release": naam, "pad": dg.MetadataValue.path(v.release)})

    return [publicatie, release]
