"""The landing store: parses new leveringen in batches, keeps them as Parquet, and tells which levering is in force.

A batch (partij) is one Parquet file per feed, so that many small leveringen make few files; every row names its
levering (file name and checksum). The register of a batch is written last: a batch without one was cut short and is removed.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from pipelines import sqltekst
from pipelines.landing import offered, persons, readers, rules
from pipelines.landing.contracts import BRONNEN, Contract, contracten
from pipelines.periods import Halfjaar
from pipelines.settings import Home

PARTIJ_BYTES = 32 * 2**20  # text per batch: bounds the memory of parsing
PARTIJEN_TEGELIJK = 4  # likewise; Polars and DuckDB let go of the interpreter while they work

REGISTER_SCHEMA = {k: t for k, t in offered.AANBOD_SCHEMA.items() if k != "pad"} | {
    "kolom": pl.String,  # the column that makes the file unreadable, if it is one
    "vingerafdruk": pl.String,
    "partij": pl.Int32,
    "rijen": pl.Int64,
    "afkeur": pl.Int64,
    "signalen": pl.Int64,
}
BEVINDING_SCHEMA = {
    "levering": pl.String,
    "rij": pl.UInt32,
    "kolom": pl.String,
    "code": pl.String,
    "melding": pl.String,
    "partij": pl.Int32,
}


def vingerafdruk(contract: Contract) -> str:
    """Changes when the contract, a code list or the code that parses changes: then files are parsed anew."""
    bronnen = [BRONNEN / "contracts" / f"{contract.feed}.yml", *sorted((BRONNEN / "codes").glob("*.csv"))]
    bronnen += [p for p in sorted(Path(__file__).parent.glob("*.py")) if p.stem != "across"]
    return hashlib.sha256(b"\0".join(p.read_bytes() for p in bronnen)).hexdigest()[:12]


def land(aanbod: pl.DataFrame, home: Home, sleutel: bytes) -> int:
    """Parse what is offered and not yet known; returns how many files were parsed.

    Writes landing/<feed>/<partij>.parquet (rows that count), quarantine/<feed>/<partij>.parquet (rows with afkeur),
    landing/bevindingen/<partij>.parquet and, last, landing/register/<partij>.parquet.
    """
    ruim_halve_partijen_op(home)
    afdrukken = pl.DataFrame(
        [(c.feed, vingerafdruk(c)) for c in contracten().values()], schema=["feed", "vingerafdruk"], orient="row"
    )
    te_lezen = aanbod.filter(pl.col("code").is_null()).join(afdrukken, on="feed", how="left")
    nieuw = te_lezen.join(register(home), on=["levering", "vingerafdruk"], how="anti").sort(
        "feed", "periode", "levering"
    )
    eerste = max((int(p.stem) for p in (home.landing / "register").glob("*.parquet")), default=0) + 1
    partijen = [partij.with_columns(partij=pl.lit(nr, pl.Int32)) for nr, partij in enumerate(_partijen(nieuw), eerste)]
    with ThreadPoolExecutor(min(os.cpu_count() or 1, PARTIJEN_TEGELIJK)) as pool:
        list(pool.map(lambda partij: _verwerk(partij, home, sleutel), partijen))  # the first failure cancels the rest
    return len(nieuw)


def register(home: Home) -> pl.DataFrame:
    """Every levering that was ever parsed, the latest parse of each; columns REGISTER_SCHEMA."""
    bestanden = sorted((home.landing / "register").glob("*.parquet"))
    if not bestanden:
        return pl.DataFrame(schema=REGISTER_SCHEMA)
    gelezen = pl.concat([pl.read_parquet(b, columns=list(REGISTER_SCHEMA)) for b in bestanden])
    return gelezen.sort("partij").unique("levering", keep="last", maintain_order=True)


def stand(aanbod: pl.DataFrame, home: Home, periode: Halfjaar, max_afkeur: dict[str, float]) -> pl.DataFrame:
    """The state of every offered file for a refresh of ``periode``: one row per file, in force or why not.

    Columns: those of the register, ``code`` (A01, L1, S00 or None), ``melding`` and ``status``: van_kracht, vervangen,
    geweigerd, overgeslagen (no contract) or later (of a period after the refresh). ``max_afkeur`` is the largest share
    of rows with afkeur per feed (key ``*``: any other feed).
    """
    gelezen = register(home).select(
        "levering", "partij", "kolom", "rijen", "afkeur", "signalen", gelezen_code="code", gelezen_melding="melding"
    )
    grens = pl.col("feed").replace_strict(max_afkeur, default=max_afkeur["*"], return_dtype=pl.Float64)
    te_veel = pl.col("afkeur") > grens * pl.col("rijen")
    identiteit = ["feed", "leverancier", "periode"]
    return (
        aanbod.join(gelezen, on="levering", how="left")
        .with_columns(
            code=pl.coalesce("code", "gelezen_code", pl.when(te_veel).then(pl.lit("L1"))),
            melding=pl.coalesce("melding", "gelezen_melding", pl.when(te_veel).then(_melding_te_veel(grens))),
            later=_eerste_dag(pl.col("periode")) > pl.lit(periode.d1),
        )
        .with_columns(geldig=pl.col("code").is_null() & ~pl.col("later"))
        .with_columns(laatste=pl.col("volgnr") == pl.col("volgnr").filter("geldig").max().over(identiteit))
        .with_columns(
            status=pl.when(pl.col("code") == "S00")
            .then(pl.lit("overgeslagen"))
            .when(pl.col("code").is_not_null())
            .then(pl.lit("geweigerd"))
            .when("later")
            .then(pl.lit("later"))
            .when("laatste")
            .then(pl.lit("van_kracht"))
            .otherwise(pl.lit("vervangen"))
        )
        .drop("later", "geldig", "laatste", "gelezen_code", "gelezen_melding")
        .sort("feed", "leverancier", "periode", "volgnr", "bestand")
    )


def open_landing(
    con: duckdb.DuckDBPyConnection, home: Home, leveringen: pl.DataFrame, gestopt: dict[str, date]
) -> None:
    """Make schema ``landing``: tables ``levering`` and ``gestopt``, and per feed the rows that are in force.

    A view has levering, leverancier, periode, rij and the columns of the contract, with persoon, bsn_bekend, geboren
    and ongeboren in place of what may not leave the landing step.
    """
    con.execute("create schema if not exists landing")
    con.register("_leveringen", leveringen.filter(pl.col("status") != "later").drop("pad").to_arrow())
    con.execute("create or replace table landing.levering as from _leveringen")
    con.unregister("_leveringen")
    con.execute("create table landing.gestopt (leverancier varchar, datum date)")
    if gestopt:
        con.executemany("insert into landing.gestopt values (?, ?)", list(gestopt.items()))
    open_feeds(con, home, leveringen)


def open_feeds(
    con: duckdb.DuckDBPyConnection, home: Home, leveringen: pl.DataFrame, personen: str | None = None
) -> None:
    """Make what open_landing tells of the feeds; with ``personen``, a table (persoon), the rows of those persons only.

    But all rows where the key does not name the person: which row is the latest is for the model to see.
    """
    for contract in contracten().values():
        paden = _bestanden(home, contract.feed, leveringen)
        if not paden:
            con.register("_leeg", _zonder_rijen(contract).to_arrow())
            con.execute(f"create or replace table landing.{contract.feed} as from _leeg")
            con.unregister("_leeg")
            continue
        lijst = ", ".join(map(sqltekst.tekst, paden))
        alleen = f"semi join {personen} using (persoon)" if personen and "persoon" in contract.sleutel else ""
        con.execute(
            f"""create or replace view landing.{contract.feed} as
                select * exclude (partij) from read_parquet([{lijst}])
                semi join (select levering, partij from landing.levering where status = 'van_kracht')
                    using (levering, partij)
                {alleen}"""
        )


def verschil(home: Home, feed: str, oud: list[str], nieuw: list[str]) -> pl.LazyFrame:
    """The persons (persoon) of whom leveringen ``oud`` and ``nieuw`` of a feed, together, do not have the same rows.

    Raises FileNotFoundError when one of them is not in the landing.
    """
    gelezen = register(home).filter(pl.col("levering").is_in([*oud, *nieuw]))
    if ontbreekt := {*oud, *nieuw} - set(gelezen["levering"]):
        raise FileNotFoundError(f"{len(ontbreekt)} leveringen are not in the landing")
    paden = [home.landing / feed / f"{nr:06d}.parquet" for nr in gelezen["partij"].unique().sort()]
    rijen = pl.scan_parquet(paden).join(
        gelezen.lazy().select("levering", "partij"), on=["levering", "partij"], how="semi"
    )
    inhoud = [k for k in rijen.collect_schema().names() if k not in ("levering", "partij", "rij")]
    kant = pl.col("levering").is_in(nieuw).cast(pl.Int8) - pl.col("levering").is_in(oud).cast(pl.Int8)
    return rijen.group_by(inhoud).agg(over=kant.sum()).filter(pl.col("over") != 0).select("persoon").unique()


def bevindingen(home: Home, leveringen: pl.DataFrame) -> pl.DataFrame:
    """The findings on the given leveringen: bestand, feed, leverancier, periode, rij, kolom, code, melding.

    Refusals of whole files are findings too: on row 1 when a column of the header is the reason, else without a row.
    """
    kolommen = ["bestand", "feed", "leverancier", "periode", "rij", "kolom", "code", "melding"]
    per_bestand = leveringen.filter(pl.col("code").is_not_null()).with_columns(
        rij=pl.when(pl.col("kolom").is_not_null()).then(pl.lit(1, pl.UInt32)), kolom=pl.col("kolom").fill_null("")
    )
    if not any((home.landing / "bevindingen").glob("*.parquet")):
        return per_bestand.select(kolommen)
    wie = leveringen.select("levering", "partij", "bestand", "feed", "leverancier", "periode").lazy()
    per_rij = pl.scan_parquet(home.landing / "bevindingen" / "*.parquet").join(wie, on=["levering", "partij"])
    return pl.concat([per_bestand.select(kolommen), per_rij.select(kolommen).collect()])


def ruim_halve_partijen_op(home: Home) -> None:
    """Remove the files of a batch that was cut short before its register was written."""
    heel = {p.stem for p in (home.landing / "register").glob("*.parquet")}
    for map_ in (home.landing, home.quarantine):
        for pad in map_.glob("*/*.parquet*"):
            if pad.name.split(".")[0] not in heel or pad.suffix != ".parquet":
                pad.unlink()


# --- one batch -------------------------------------------------------------------------------------------------------


def _partijen(nieuw: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Cut the new files into batches of one feed and bounded size."""
    per_feed = pl.col("bytes").cum_sum().over("feed")
    delen = nieuw.with_columns(_deel=(per_feed - 1) // PARTIJ_BYTES).partition_by("feed", "_deel", maintain_order=True)
    yield from (deel.drop("_deel") for deel in delen)


def _verwerk(partij: pl.DataFrame, home: Home, sleutel: bytes) -> None:
    """Read, judge, pseudonymise and store one batch of files of one feed."""
    contract = contracten()[partij["feed"][0]]
    nummer = partij["partij"][0]
    uitkomst, onleesbaar, extra = lees_en_beoordeel(partij)
    alle = pl.concat([uitkomst.bevindingen, extra])
    geteld = telling(uitkomst, alle)
    geweigerd = pl.DataFrame(
        onleesbaar, schema={"levering": pl.String, "fout": pl.String, "kolom": pl.String}, orient="row"
    )
    regels = (
        partij.join(geteld, on="levering", how="left")
        .join(geweigerd, on="levering", how="left")
        .with_columns(
            pl.col("rijen", "afkeur", "signalen").fill_null(0),
            code=pl.when(pl.col("fout").is_not_null()).then(pl.lit("A01")),
            melding="fout",
        )
    )
    merk = pl.lit(nummer, pl.Int32).alias("partij")
    goed = persons.pseudonimiseer(uitkomst.goed, sleutel, contract.vrije_tekst)
    _schrijf(goed.with_columns(merk), home.landing / contract.feed, nummer)
    # in a row whose values slipped a place, anything may stand in a free text
    zonder_tekst = uitkomst.afgekeurd.with_columns(pl.lit(None, pl.String).alias(k) for k in contract.vrije_tekst)
    quarantaine = persons.pseudonimiseer(zonder_tekst, sleutel).with_columns(merk)
    _schrijf(quarantaine, home.quarantine / contract.feed, nummer)
    _schrijf(alle.with_columns(merk).select(list(BEVINDING_SCHEMA)), home.landing / "bevindingen", nummer)
    _schrijf(regels.select(list(REGISTER_SCHEMA)), home.landing / "register", nummer)


def lees_en_beoordeel(
    partij: pl.DataFrame,
) -> tuple[rules.Beoordeeld, list[tuple[str, str, str | None]], pl.DataFrame]:
    """Read and judge offered files of one feed; needs no key and writes nothing.

    In: rows of the aanbod. Out: the judged rows; (levering, message, column) of unreadable files; findings on headers.
    """
    contract = contracten()[partij["feed"][0]]
    groepen: dict[readers.Kop, list[tuple[int, readers.Gelezen]]] = defaultdict(list)
    onleesbaar: list[tuple[str, str, str | None]] = []
    kopbevindingen = []
    for nr, (levering, pad, formaat) in enumerate(partij.select("levering", "pad", "formaat").iter_rows()):
        try:
            gelezen = readers.lees(Path(pad), formaat, contract)
        except readers.Onleesbaar as fout:
            onleesbaar.append((levering, str(fout), fout.kolom))
            continue
        groepen[gelezen.kop].append((nr, gelezen))
        kopbevindingen += [(levering, 1, *b) for b in _kopbevindingen(gelezen.kop, contract)]
    namen = partij.with_row_index("bron").select("bron", "levering", "leverancier", "periode")
    ruw = pl.concat(
        [_naar_contract(readers.rijen(g), kop, contract) for kop, g in groepen.items()] or [_leeg(contract)]
    )
    ruw = ruw.join(namen.with_columns(d0=_eerste_dag(pl.col("periode")), d1=_laatste_dag(pl.col("periode"))), on="bron")
    schema = {k: t for k, t in BEVINDING_SCHEMA.items() if k != "partij"}
    extra = pl.DataFrame(kopbevindingen, schema=schema, orient="row")
    return rules.beoordeel(contract, ruw), onleesbaar, extra


def _kopbevindingen(kop: readers.Kop, contract: Contract) -> list[tuple[str, str, str]]:
    """(kolom, code, melding) of columns that no contract knows.

    When a lost line end has put a row behind the header, their names are values of a person: then they are not named.
    """
    onbekend = [k for k in readers.namen(kop) if k and k not in contract.kolommen]
    if any(re.search(r"\d{6}|[\x00-\x1f\x7f-\x9f]|^.{60}", k) for k in onbekend):
        melding = (
            "Een kolom in de kopregel is onbekend en wordt niet gelezen. De naam is weggelaten omdat hij op een gegeven "
            "lijkt. Controleer of de kopregel op een eigen regel staat."
        )
        return [("(weggelaten)", "S00", melding)]
    return [(k, "S00", f"De kolom {k} is onbekend en wordt niet gelezen.") for k in onbekend]


def _naar_contract(rijen: pl.DataFrame, kop: readers.Kop, contract: Contract) -> pl.DataFrame:
    """Fields to the columns of the contract, as text without surrounding space; empty is null."""
    aanwezig = readers.namen(kop)

    def veld(kolom: str) -> pl.Expr:
        if kolom not in aanwezig:
            return pl.lit(None, pl.String)
        tekst = pl.col("velden").list.get(aanwezig.index(kolom), null_on_oob=True).str.strip_chars()
        return pl.when(tekst != "").then(tekst)

    scheef = pl.col("velden").list.len() != len(kop.kolommen)
    return rijen.select("bron", "rij", scheef=scheef, **{k: veld(k) for k in contract.kolommen})


def _leeg(contract: Contract) -> pl.DataFrame:
    tekst = dict.fromkeys(contract.kolommen, pl.String)
    return pl.DataFrame(schema={"bron": pl.UInt32, "rij": pl.UInt32, "scheef": pl.Boolean, **tekst})


def _eerste_dag(periode: pl.Expr) -> pl.Expr:
    """First day of a half-year or year; null for anything else."""
    maand = pl.when(periode.str.ends_with("H2")).then(pl.lit("0701")).otherwise(pl.lit("0101"))
    return (periode.str.slice(0, 4) + maand).str.to_date("%Y%m%d", strict=False)


def _laatste_dag(periode: pl.Expr) -> pl.Expr:
    maand = pl.when(periode.str.ends_with("H1")).then(pl.lit("0630")).otherwise(pl.lit("1231"))
    return (periode.str.slice(0, 4) + maand).str.to_date("%Y%m%d", strict=False)


def telling(uitkomst: rules.Beoordeeld, bevindingen: pl.DataFrame) -> pl.DataFrame:
    """Rows, rows with afkeur and signals per levering."""
    dubbel = pl.col("code") == "S01"
    signalen = bevindingen.group_by("levering").agg(
        signalen=pl.col("code").str.starts_with("S").sum().cast(pl.Int64), dubbel=dubbel.sum().cast(pl.Int64)
    )
    goed = uitkomst.goed.group_by("levering").agg(goed=pl.len().cast(pl.Int64))
    fout = uitkomst.afgekeurd.group_by("levering").agg(afkeur=pl.len().cast(pl.Int64))
    samen = goed.join(fout, on="levering", how="full", coalesce=True).join(
        signalen, on="levering", how="full", coalesce=True
    )
    return samen.with_columns(pl.exclude("levering").fill_null(0)).select(
        "levering", "afkeur", "signalen", rijen=pl.col("goed") + pl.col("afkeur") + pl.col("dubbel")
    )


def _melding_te_veel(grens: pl.Expr) -> pl.Expr:
    return pl.format(
        "De levering is in haar geheel geweigerd: {} van de {} rijen zijn afgekeurd, meer dan {} %. "
        "Verbeter de rijen hieronder en lever opnieuw met een hoger volgnummer.",
        "afkeur",
        "rijen",
        (grens * 100).round(1).cast(pl.String).str.strip_suffix(".0").str.replace(".", ",", literal=True),
    )


def _bestanden(home: Home, feed: str, leveringen: pl.DataFrame) -> list[Path]:
    """The batch files that hold rows in force of a feed."""
    nodig = leveringen.filter((pl.col("feed") == feed) & (pl.col("status") == "van_kracht"))["partij"].unique().sort()
    return [home.landing / feed / f"{nr:06d}.parquet" for nr in nodig]


def _zonder_rijen(contract: Contract) -> pl.DataFrame:
    """No rows, in the very columns and types that landing gives the feed."""
    herkomst = {"levering": pl.String, "leverancier": pl.String, "periode": pl.String, "d0": pl.Date, "d1": pl.Date}
    leeg = _leeg(contract).drop("bron").with_columns(**{k: pl.lit(None, t) for k, t in herkomst.items()})
    return persons.pseudonimiseer(rules.beoordeel(contract, leeg).goed, b"geen rijen")


def _schrijf(frame: pl.DataFrame, map_: Path, nummer: int) -> None:
    """Write beside, then rename: a Parquet file is whole or not there."""
    map_.mkdir(parents=True, exist_ok=True)
    tijdelijk = map_ / f"{nummer:06d}.parquet.nieuw"
    frame.write_parquet(tijdelijk, compression="zstd", statistics=True)
    tijdelijk.replace(map_ / f"{nummer:06d}.parquet")
