"""The calibration of written demo leveringen: the percentages and shares beside the published figures."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.demo.gebieden import REFERENTIE
from pipelines.landing.offered import aanbod
from pipelines.landing.rules import Beoordeeld
from pipelines.landing.store import lees_en_beoordeel
from pipelines.periods import Halfjaar

GEWEIGERD_BOVEN = 0.05  # share of afkeur above which a levering is refused


def geland(map_: Path, feed: str) -> Beoordeeld:
    """All leveringen of a feed as the landing reads and judges them."""
    return lees_en_beoordeel(aanbod(map_).filter(feed=feed))[0]


def _records(map_: Path, feed: str) -> pl.DataFrame:
    """Latest version per record of the leveringen in force; roughly what the monitor will see."""
    oordeel = geland(map_, feed)
    aantal = pl.concat([oordeel.goed.select("levering", fout=False), oordeel.afgekeurd.select("levering", fout=True)])
    geweigerd = aantal.group_by("levering").agg(pl.col("fout").mean()).filter(pl.col("fout") > GEWEIGERD_BOVEN)
    rijen = oordeel.goed.join(geweigerd, on="levering", how="anti").with_columns(
        volgnr=pl.col("levering").str.extract(r"__v(\d+)\.").cast(pl.Int32)
    )
    rijen = rijen.filter(pl.col("volgnr") == pl.col("volgnr").max().over("leverancier", "periode"))
    if feed == "maatregelen":  # a row of a taken-over maatregel begins when it was taken over
        rijen = rijen.with_columns(
            pl.coalesce("datum_aanvang", "datum_overgedragen_gekregen").alias("datum_aanvang"),
            pl.coalesce("datum_einde", "datum_overgedragen").alias("datum_einde"),
        )
    vorm = "hulpvorm" if feed == "jeugdhulp" else "type_maatregel"
    sleutel = ["leverancier", "persoonssleutel", vorm, "datum_aanvang"]
    laatst = rijen.sort("periode").unique(sleutel, keep="last", maintain_order=True).rename({"persoonssleutel": "bsn"})
    laatste_dag = {p: Halfjaar.van(p).d1 for p in laatst["periode"].unique()}
    weg = pl.col("datum_einde").is_null() & (pl.col("periode") < laatst["periode"].max())  # verdwenen
    einde = pl.when(weg).then(pl.col("periode").replace_strict(laatste_dag, return_dtype=pl.Date))
    return laatst.with_columns(einde.otherwise("datum_einde").alias("datum_einde"))


def _in(records: pl.DataFrame, d0: object, d1: object) -> pl.DataFrame:
    einde = pl.col("datum_einde")
    return records.filter((pl.col("datum_aanvang") <= d1) & (einde.is_null() | (einde >= d0)))


def _leeftijd(jaar: int) -> pl.Expr:
    return (jaar - 1 - pl.col("geboren").dt.year()).clip(0)


def ijking(map_: Path) -> pl.DataFrame:
    """Table periode × maat × gevonden × gepubliceerd (province of Drenthe; empty where nothing is published)."""
    hulp, maatregel = _records(map_, "jeugdhulp"), _records(map_, "maatregelen")
    gemeenten = geland(map_, "cbs_bevolking").goed.filter(pl.col("regio").str.starts_with("GM"))
    perioden = sorted(hulp["periode"].unique())
    uit: list[tuple[str, str, float]] = []
    jaren = [p[:4] + "JJ" for p in perioden if p.endswith("H2") and p[:4] + "H1" in perioden]
    for periode in perioden + jaren:
        jaar = int(periode[:4])
        half = not periode.endswith("JJ")
        d0 = Halfjaar.van(periode).d0 if half else Halfjaar(jaar, 1).d0
        d1 = Halfjaar.van(periode).d1 if half else Halfjaar(jaar, 2).d1
        inwoners = gemeenten.filter(pl.col("periode") == str(jaar))
        n17 = inwoners.filter(pl.col("leeftijd") < 18)["aantal"].sum()
        n1222 = inwoners.filter(pl.col("leeftijd") >= 12)["aantal"].sum()
        h = _in(hulp, d0, d1).with_columns(_leeftijd(jaar).alias("leeftijd"))
        m = _in(maatregel, d0, d1).with_columns(_leeftijd(jaar).alias("leeftijd"))
        kind = h.filter(pl.col("leeftijd") < 18)
        verblijf = kind.filter(pl.col("hulpvorm") >= "11")["bsn"].unique()
        jb = m.filter((pl.col("leeftijd") < 18) & (pl.col("type_maatregel") < "30"))["bsn"].unique()
        jr = m.filter(pl.col("leeftijd").is_between(12, 22) & (pl.col("type_maatregel") > "40"))["bsn"]
        starts = h.filter(pl.col("datum_aanvang") >= d0)
        uit += [
            (periode, "jeugdhulp", 100 * kind["bsn"].n_unique() / n17),
            (periode, "jeugdhulp_verblijf", 100 * len(verblijf) / max(1, kind["bsn"].n_unique())),
            (periode, "jeugdbescherming", 100 * len(jb) / n17),
            (periode, "jb_met_verblijf", 100 * jb.is_in(verblijf.implode()).mean() if len(jb) else 0.0),
            (periode, "jeugdreclassering", 100 * jr.n_unique() / n1222),
            (periode, "beginstand", float(h.height - starts.height)),
            (periode, "instroom", float(starts.height)),
            (periode, "uitstroom", float(h.filter(pl.col("datum_einde") <= d1).height)),
        ]
        eerder = starts.with_row_index("nr").select("nr", "bsn", a="datum_aanvang")
        paren = eerder.join(hulp.select("bsn", s="datum_aanvang", e="datum_einde"), on="bsn")
        dag = pl.duration(days=1)
        aan = (pl.col("s") < pl.col("a")) & (pl.col("e").is_null() | (pl.col("e") >= pl.col("a") - dag))
        her = pl.col("e").is_between(pl.col("a").dt.offset_by("-5y"), pl.col("a") - 2 * dag)
        soort = paren.group_by("nr").agg(aan=aan.any(), her=her.any())
        uit.append((periode, "herhaald", 100 * float((soort["her"] & ~soort["aan"]).sum()) / max(1, starts.height)))
        uit.append((periode, "aansluitend", 100 * float(soort["aan"].sum()) / max(1, starts.height)))
        if periode == perioden[-1]:
            for kolom in ("verwijzer", "hulpvorm"):
                deel = starts[kolom].value_counts(normalize=True).sort(kolom)
                uit += [(periode, f"{kolom} {code}", 100 * p) for code, p in deel.rows() if code]
    gevonden = pl.DataFrame(uit, schema=["periode", "maat", "gevonden"], orient="row")
    cbs = pl.read_csv(REFERENTIE / "cbs_jeugdzorg.csv").filter(pl.col("regio") == "PV22")
    cbs = cbs.select(periode="verslagperiode", maat="maat", gepubliceerd=pl.col("waarde"))
    return gevonden.join(cbs, on=["periode", "maat"], how="left", maintain_order="left")
