"""The same landing and the same stand_stroom in plain Polars, as who knows Polars well would write them: what the product
is measured against.

`python -m bench.weg_polars SOURCES OUT 2024H2 --key-file FILE`. Rows are judged per feed and period, by the conditions of
the contracts; lazy queries where that helps. Persons are numbers after the landing.
Left out on purpose: other file formats, rows with too few or too many fields, findings, quarantine, cells that are zero.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import polars as pl

from bench.weg_bron import (
    MATEN,
    PERSOONSDIMENSIES,
    REGIOS,
    SLEUTELS,
    SPLITSING,
    WIJKDIMENSIES,
    ZORGDIMENSIES,
    Bestand,
    Verslagperiode,
    Vraag,
    grenzen,
    kaartjaar,
    pseudoniem,
    stap,
    verslagperioden,
    vraag,
)
from pipelines.landing.contracts import Contract, Kolom, codelijst, contracten

ONEINDIG = pl.date(9999, 12, 31)  # the end of what still runs

# --- landing ---------------------------------------------------------------------------------------------------------


def land(v: Vraag) -> None:
    """Write OUT/<feed>/<periode>.parquet with the rows in force, and OUT/levering.parquet with the leveringen in force."""
    alle = []
    for feed, periode, bestanden in v.groepen():
        rijen, afkeur = beoordeel(contracten()[feed], lees(bestanden, contracten()[feed]), periode, v)
        kolommen = ("levering", "feed", "leverancier", "periode", "volgnr")
        van_kracht = (
            pl.DataFrame([{k: getattr(b, k) for k in kolommen} for b in bestanden])
            .join(afkeur, on="levering", how="left")  # header only: null, accepted
            .filter((pl.col("afkeur") <= v.max_afkeur).fill_null(True))
            .sort("volgnr")
            .unique("leverancier", keep="last")
        )
        alle.append(van_kracht.select(kolommen))
        doel = v.uit / feed
        doel.mkdir(parents=True, exist_ok=True)
        rijen = rijen.join(van_kracht, on="levering", how="semi").with_columns(periode=pl.lit(periode))
        rijen.write_parquet(doel / f"{periode}.parquet")
    pl.concat(alle).write_parquet(v.uit / "levering.parquet")


def lees(bestanden: list[Bestand], contract: Contract) -> pl.LazyFrame:
    """The rows of files of one feed and period as text (null = empty), with levering and leverancier."""
    per_kop: dict[tuple, list[Path]] = defaultdict(list)
    for b in bestanden:
        per_kop[b.kop, b.scheiding].append(b.pad)
    delen = [
        pl.scan_csv(paden, separator=scheiding, infer_schema=False, include_file_paths="pad")
        for (_, scheiding), paden in per_kop.items()
    ]
    van = pl.LazyFrame({k: [str(getattr(b, k)) for b in bestanden] for k in ("pad", "levering", "leverancier")})
    leeg = pl.LazyFrame(schema=dict.fromkeys([*contract.kolommen, "pad"], pl.String))
    rijen = pl.concat([leeg, *delen], how="diagonal").select("pad", *contract.kolommen)
    tekst = pl.col(*contract.kolommen).str.strip_chars()
    return rijen.with_columns(pl.when(tekst != "").then(tekst)).join(van, on="pad").drop("pad")


def beoordeel(contract: Contract, ruw: pl.LazyFrame, periode: str, v: Vraag) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The typed rows that count, and per levering the share of its rows with afkeur (A02-A11)."""
    kolommen = contract.kolommen.values()
    d0, d1 = grenzen(periode)
    rijen = ruw.with_columns(
        *(pl.col(k.naam).is_null().alias(f"{k.naam}__leeg") for k in kolommen),
        *(getypeerd(k).alias(k.naam) for k in kolommen),
        d0=pl.lit(d0),
        d1=pl.lit(d1),
    )
    fout = [pl.col(k.naam).is_null() for k in kolommen if k.verplicht]
    fout += [
        pl.col(k.naam).is_null() & ~pl.col(f"{k.naam}__leeg")
        for k in kolommen
        if k.type not in ("postcode", "gemeentecode")
    ]
    fout += [pl.sql_expr(r.als).fill_null(False) for r in contract.regels if r.code.startswith("A")]
    uit = ["levering", "leverancier", *contract.kolommen]
    if "bsn" in contract.kolommen:
        rijen = met_persoon(contract, rijen, d0)
        uit = [*(k for k in uit if k != "bsn"), "sleuteltekst", "bsn_bekend", "ongeboren", "geboren"]
    gelezen = rijen.select(*uit, _fout=pl.any_horizontal(fout)).with_row_index("_nr").collect()
    if "bsn" in contract.kolommen:
        personen = gelezen.select(pl.col("sleuteltekst").drop_nulls().unique())
        sleutel = v.instellingen.sleutel()
        hash_ = pl.Series([pseudoniem(p, sleutel) for p in personen["sleuteltekst"]], dtype=pl.Categorical)
        gelezen = gelezen.join(personen.with_columns(persoon=hash_), on="sleuteltekst", how="left").drop("sleuteltekst")

    sleutel = ["levering", *contract.sleutel]
    goed = gelezen.filter(~pl.col("_fout"))
    meer = goed.filter(pl.struct(sleutel).is_duplicated())
    # identical rows: the first is kept (S01)
    verschillend = meer.unique(pl.exclude("_nr"), keep="first", maintain_order=True)
    strijdig = verschillend.filter(pl.struct(sleutel).is_duplicated())
    a09 = meer.join(strijdig, on=sleutel, how="semi", nulls_equal=True)
    telt = goed.join(meer, on="_nr", how="anti").vstack(verschillend.join(a09, on="_nr", how="anti"))
    fout_ = pl.col("_fout") | pl.col("_nr").is_in(a09["_nr"].implode())
    return telt.drop("_nr", "_fout"), gelezen.group_by("levering").agg(afkeur=fout_.mean())


def getypeerd(kolom: Kolom) -> pl.Expr:
    """The typed value, null when the text is not of the type."""
    tekst = pl.col(kolom.naam)
    match kolom.type:
        case "code":
            return tekst.cast(pl.Enum(codelijst(kolom.lijst)["code"]), strict=False)
        case "janee":
            return tekst.cast(pl.Enum(["J", "N"]), strict=False)
        case "datum":
            return datum(tekst)
        case "geboortedatum":
            return pl.when(geboortedag(tekst, "0701", "15").is_not_null() | (tekst == "99999999")).then(tekst)
        case "bsn":
            return vorm(tekst, "[0-9]{9}")
        case "postcode":
            return vorm(tekst.str.replace_all(" ", "", literal=True).str.to_uppercase(), "[1-9][0-9]{3}[A-Z]{2}")
        case "gemeentecode":
            return vorm(tekst, "[0-9]{4}")
        case "geheel":
            getal = vorm(tekst, "-?[0-9]{1,15}").cast(pl.Int64)
            return pl.when(getal.is_between(kolom.minimum, kolom.maximum)).then(getal)
        case "tekst":
            voor = kolom.voorvoegsel or ""
            volledig = pl.when(tekst.str.starts_with(voor)).then(tekst).otherwise(voor + tekst)
            return vorm(volledig, kolom.patroon) if kolom.patroon else volledig
    raise NotImplementedError(kolom.type)


def vorm(tekst: pl.Expr, patroon: str) -> pl.Expr:
    """The texts of exactly this form."""
    return pl.when(tekst.str.contains(f"^({patroon})$")).then(tekst)


def datum(tekst: pl.Expr) -> pl.Expr:
    """Existing days written as JJJJMMDD."""
    acht = pl.when(~tekst.str.starts_with("0000")).then(vorm(tekst, "[0-9]{8}"))
    return acht.str.to_date("%Y%m%d", strict=False)


def geboortedag(tekst: pl.Expr, maand_onbekend: str, dag_onbekend: str) -> pl.Expr:
    """The day of a birth date of which month or day may be unknown (00)."""
    dag = tekst.str.replace("^([0-9]{4})0000$", f"${{1}}{maand_onbekend}")
    return datum(dag.str.replace("^([0-9]{6})00$", f"${{1}}{dag_onbekend}"))


def met_persoon(contract: Contract, rijen: pl.LazyFrame, d0: date) -> pl.LazyFrame:
    """Add who the row is about (sleuteltekst, to be hashed) and what the conditions of the contract use."""
    onbekend, ongeboren = ("000000000", "999999999") if d0 < date(2016, 1, 1) else ("999999999", "000000000")
    bsn, geboortedatum = pl.col("bsn"), pl.col("geboortedatum")
    rest = [pl.col(k).cast(pl.String).fill_null("") for k in ("leverancier", "geboortedatum", "geslacht", "postcode")]
    zonder = pl.concat_str(
        [pl.when(bsn == onbekend).then(pl.lit("onbekend")).otherwise(pl.lit("ongeboren")), *rest], separator="|"
    )
    niet_geboren = ((bsn == ongeboren) | (geboortedatum == "99999999")).fill_null(False)
    gewichten = enumerate((9, 8, 7, 6, 5, 4, 3, 2, -1))
    som = sum(bsn.cast(pl.Int32) // 10 ** (8 - i) % 10 * gewicht for i, gewicht in gewichten)
    groepen = {
        f"{k.naam}__{groep}": pl.col(k.naam).replace_strict(
            lijst["code"], lijst[groep], default=None, return_dtype=pl.String
        )
        for k in contract.kolommen.values()
        if k.type == "code"
        for lijst in [codelijst(k.lijst)]
        for groep in lijst.columns
        if "groep" in groep
    }
    begin, geboren = als_getal(pl.col("begin")), als_getal(pl.col("geboren"))
    return rijen.with_columns(
        bsn_geldig=(som % 11 == 0) | (bsn == "999999999"),
        bsn_bekend=~bsn.is_in([onbekend, ongeboren]),
        sleuteltekst=pl.when(bsn.is_in([onbekend, ongeboren])).then(zonder).otherwise(bsn),
        ongeboren=niet_geboren,
        geboren=pl.when(~niet_geboren).then(geboortedag(geboortedatum, "0701", "15")),
        geboren_vroegst=pl.when(~niet_geboren).then(geboortedag(geboortedatum, "0101", "01")),
        begin=pl.sql_expr(contract.begin),
        **groepen,
    ).with_columns(leeftijd_bij_begin=(begin - geboren) // 10_000)


def tekst(waarde: str) -> pl.Expr:
    """A text that many rows have: categories are quicker to group by."""
    return pl.lit(waarde, dtype=pl.Categorical)


def als_getal(dag: pl.Expr) -> pl.Expr:
    """JJJJMMDD as a number: the difference of two, divided by 10 000, is the age."""
    return dag.dt.year() * 10_000 + dag.dt.month().cast(pl.Int32) * 100 + dag.dt.day()


# --- stand_stroom ----------------------------------------------------------------------------------------------------


def tel(v: Vraag) -> None:
    """Write OUT/stand_stroom.parquet: the cells of which some count is not zero."""
    leveringen = pl.read_parquet(v.uit / "levering.parquet")
    hulp, maatregel = (
        pl.scan_parquet(v.uit / feed / "*.parquet").with_columns(
            pl.col("persoon").to_physical(), pl.col("leverancier").cast(pl.Categorical), aanvang=pl.sql_expr(begin)
        )
        for feed, begin in ((f, contracten()[f].begin) for f in ("jeugdhulp", "maatregelen"))
    )
    bron = persoon_bron(hulp, maatregel, v.uit)
    zorg = pl.concat([trajecten(hulp, leveringen, v), maatregelen(maatregel, leveringen, v)], how="diagonal").collect()
    episode = episoden(zorg.lazy(), v).collect()
    perioden = verslagperioden(leveringen.filter(feed="jeugdhulp")["periode"])
    wie = kenmerken(bron.lazy(), sorted({p.kenmerken for p in perioden} | set(bron["periode"]))).collect()
    cellen = pl.concat([cellen_van(p, zorg, episode, wie.filter(periode=p.kenmerken)) for p in perioden])
    per_niveau(cellen, bron).write_parquet(v.uit / "stand_stroom.parquet")


def persoon_bron(hulp: pl.LazyFrame, maatregel: pl.LazyFrame, map_: Path) -> pl.DataFrame:
    """Per persoon and delivered period the one row that gives the attributes, with its region (plek)."""
    wie = ["persoon", "periode"]
    rijen = [
        frame.select(
            *(*wie, "geboren", "geslacht", "postcode", "gemeentecode", "aanvang", "leverancier"),
            code=pl.col(code).cast(pl.Categorical),
            feed=pl.lit(nr),
            gekregen=gekregen,
        )
        for nr, frame, code, gekregen in (
            (1, hulp, "hulpvorm", pl.lit(None, pl.Date)),
            (2, maatregel, "type_maatregel", pl.col("datum_overgedragen_gekregen")),
        )
    ]
    bron = (
        pl.concat(rijen)
        .filter(pl.col("aanvang") == pl.col("aanvang").max().over(wie))
        .sort("leverancier", "code", "feed", "gekregen", nulls_last=False)
        .unique(wie, keep="first", maintain_order=True)
        .with_columns(jaar=pl.col("periode").str.slice(0, 4).cast(pl.Int64))
        .collect()
    )
    jaren = bron["jaar"].unique()
    gemeente = kaart(map_ / "cbs_gebieden", "gemeentecode", jaren, ["provinciecode", "jeugdregio", "subregio"])
    postcode = kaart(map_ / "cbs_postcodes", "postcode", jaren, ["gemeentecode", "wijkcode"])
    bekend = pl.col("provinciecode").is_not_null()
    return (
        bron.join(postcode, on=["jaar", "postcode"], how="left")
        .with_columns(gemeentecode=pl.coalesce("gemeentecode_right", "GM" + pl.col("gemeentecode")))
        .join(gemeente, on=["jaar", "gemeentecode"], how="left")
        .with_columns(pl.when(bekend).then(pl.col("gemeentecode", "wijkcode")))
        .with_columns(pl.col(*REGIOS.values()).cast(pl.Categorical).fill_null("onbekend"))
        .with_columns(plek=pl.struct(*REGIOS.values()).rank("dense"))
        .select(*wie, "geboren", "geslacht", "plek", *REGIOS.values())
    )


def kaart(map_: Path, sleutel: str, jaren: pl.Series, kolommen: list[str]) -> pl.DataFrame:
    """A CBS table per year, from the year that serves it; the same key in several leveringen: the latest counts."""
    tabel = pl.read_parquet(map_ / "*.parquet").sort("periode").unique(["jaar", sleutel], keep="last")
    uit = [kaartjaar(jaar, tabel["jaar"].unique()) for jaar in jaren]
    van = pl.DataFrame({"voor": jaren, "jaar": pl.Series(uit, dtype=pl.Int64)})
    return van.join(tabel, on="jaar").select(sleutel, *kolommen, jaar="voor")


def met_einde(rijen: pl.LazyFrame, sleutel: list[str], leveringen: pl.DataFrame, v: Vraag) -> pl.LazyFrame:
    """The latest version of each record, with the end that follows from what was (not) delivered."""
    laatste = leveringen.group_by("leverancier").agg(pl.col("periode").max())
    tot = {p: grenzen(p)[1] for p in leveringen["periode"].unique()}
    gestopt = v.instellingen.gestopt
    laatste_periode = pl.col("leverancier").cast(pl.String).replace_strict(laatste["leverancier"], laatste["periode"])
    stop = pl.col("leverancier").cast(pl.String).replace_strict(gestopt, default=None, return_dtype=pl.Date)
    verdwenen = pl.when(laatste_periode > pl.col("periode")).then(
        pl.col("periode").replace_strict(tot, return_dtype=pl.Date)
    )
    gestopt_op = pl.when(stop.is_not_null()).then(pl.max_horizontal(stop, "aanvang"))
    return (
        rijen.sort("periode", maintain_order=True)
        .unique(sleutel, keep="last", maintain_order=True)
        .with_columns(einde=pl.coalesce("datum_einde", verdwenen, gestopt_op, ONEINDIG))
    )


def trajecten(hulp: pl.LazyFrame, leveringen: pl.DataFrame, v: Vraag) -> pl.LazyFrame:
    """Overlapping records of one persoon, hulpvorm and leverancier are one traject."""
    van = ["persoon", "hulpvorm", "leverancier"]
    traject = (
        met_einde(hulp, [*van, "aanvang"], leveringen.filter(feed="jeugdhulp"), v)
        .sort(*van, "aanvang")
        .with_columns(nummer=nummer_aaneen(van, 0))
        .group_by("nummer", maintain_order=True)
        .agg(pl.col(*van, "verwijzer", "perspectief").last(), pl.col("aanvang").first(), pl.col("einde").max())
    )
    # the latest end among the persoon's trajecten that started earlier
    eerder = (
        traject.group_by("persoon", "aanvang")
        .agg(pl.col("einde").max())
        .sort("persoon", "aanvang")
        .select("persoon", "aanvang", vorig_einde=pl.col("einde").cum_max().shift().over("persoon"))
    )
    hulpvorm = codelijst("hulpvorm")
    return traject.join(eerder, on=["persoon", "aanvang"]).select(
        *("persoon", "aanvang", "einde", "hulpvorm"),
        soort=tekst("jeugdhulp"),
        aanbieder="leverancier",
        hulpvormgroep=pl.col("hulpvorm").replace_strict(
            hulpvorm["code"], hulpvorm["groep"], return_dtype=pl.Categorical
        ),
        verwijzer="verwijzer",
        perspectief=pl.col("perspectief").cast(pl.Categorical).fill_null("onbekend"),
        soort_instroom=soort_instroom(v),
    )


def nummer_aaneen(van: list[str], tussen: int) -> pl.Expr:
    """Number what runs on with at most ``tussen`` days between; rows are sorted by ``van`` and aanvang."""
    tot_nu = pl.col("einde").cum_max().shift().over(van)
    return (pl.col("aanvang").dt.offset_by(f"-{tussen}d") <= tot_nu).fill_null(False).not_().cum_sum()


def soort_instroom(v: Vraag) -> pl.Expr:
    """What came before a start: aansluitend, herhaald or nieuw, by the latest earlier end."""
    aanvang, vorig = pl.col("aanvang"), pl.col("vorig_einde")
    return (
        pl.when(vorig >= aanvang.dt.offset_by(f"-{v.instellingen.min_tussentijd_dagen}d"))
        .then(pl.lit("aansluitend"))
        .when(vorig >= aanvang.dt.offset_by(f"-{v.instellingen.venster_jaren}y"))
        .then(pl.lit("herhaald"))
        .otherwise(pl.lit("nieuw"))
    )


def maatregelen(rijen: pl.LazyFrame, leveringen: pl.DataFrame, v: Vraag) -> pl.LazyFrame:
    """Rows chained over overdracht: the first link gives the start, the last one the end and the GI."""
    over, gekregen = "datum_overgedragen", "datum_overgedragen_gekregen"
    sleutel = ["leverancier", "persoon", "type_maatregel", "datum_aanvang", gekregen]
    m = (
        met_einde(rijen, sleutel, leveringen.filter(feed="maatregelen"), v)
        .with_columns(einde=pl.coalesce(over, "einde"))
        .sort("leverancier", "aanvang", "datum_aanvang", gekregen, nulls_last=True)
        .with_row_index("rij")
        .collect()
    )
    wie = ["persoon", "type_maatregel", "dag"]
    nr = pl.int_range(pl.len()).over(wie)  # one to one, also when two rows are handed over on the same day
    van = m.drop_nulls(over).with_columns(dag=pl.col(over).dt.offset_by("1d")).with_columns(nr=nr)
    naar = m.drop_nulls(gekregen).with_columns(dag=gekregen).with_columns(nr=nr)
    paren = van.join(naar, on=[*wie, "nr"]).select("rij", volgende="rij_right")
    keten = m.join(paren, left_on="rij", right_on="volgende", how="anti").select("rij", laatste="rij")
    while True:
        verder = keten.join(paren, left_on="laatste", right_on="rij", how="left")
        if verder["volgende"].null_count() == len(verder):
            break
        keten = verder.select("rij", laatste=pl.coalesce("volgende", "laatste"))
    types = codelijst("type_maatregel")
    slot = m.select("einde", laatste="rij", aanbieder="leverancier")
    return (
        m.drop("einde")
        .join(keten, on="rij")
        .join(slot, on="laatste")
        .lazy()
        .select(
            *("persoon", "aanvang", "einde", "aanbieder", "type_maatregel"),
            soort=pl.col("type_maatregel").replace_strict(types["code"], types["groep"], return_dtype=pl.Categorical),
        )
        .filter(pl.col("soort").is_in(["jeugdbescherming", "jeugdreclassering"]))
    )


def episoden(zorg: pl.LazyFrame, v: Vraag) -> pl.LazyFrame:
    """A persoon's care without a day in between, per soort and for jeugdzorg as a whole."""
    deel = zorg.select("persoon", "soort", "aanvang", "einde")
    van = ["persoon", "soort"]
    return (
        pl.concat([deel, deel.with_columns(soort=tekst("jeugdzorg"))])
        .sort(*van, "aanvang", "einde")
        .with_columns(nummer=nummer_aaneen(van, v.instellingen.min_tussentijd_dagen))
        .group_by("nummer", maintain_order=True)
        .agg(pl.col(*van, "aanvang").first(), pl.col("einde").max())
        .with_columns(vorig_einde=pl.col("einde").shift().over(van))
        .with_columns(soort_instroom=soort_instroom(v))
    )


def kenmerken(bron: pl.LazyFrame, perioden: list[str]) -> pl.LazyFrame:
    """Attributes per persoon and half-year: the half-year's own, else the latest earlier, else the earliest later."""
    waarden = pl.col("geboren", "geslacht", "plek")
    return (
        bron.select(pl.col("persoon").unique())
        .join(pl.LazyFrame({"periode": perioden}), how="cross")
        .join(bron.select("persoon", "periode", "geboren", "geslacht", "plek"), on=["persoon", "periode"], how="left")
        .sort("persoon", "periode")
        .with_columns(waarden.forward_fill().backward_fill().over("persoon"))
    )


def in_periode(eenheden: pl.DataFrame, p: Verslagperiode, wie: pl.DataFrame) -> pl.LazyFrame:
    """What ran in the period, with stand en stroom and the attributes of its persoon then."""
    aanvang, einde, geboren = pl.col("aanvang"), pl.col("einde"), pl.col("geboren")
    instroom = aanvang >= p.d0
    jarig = (geboren.dt.month() == 1) & (geboren.dt.day() == 1)
    # completed years on 1 January; unborn or born later: 0
    leeftijd = p.jaar - geboren.dt.year() - (~jarig).cast(pl.Int32)
    klassen = codelijst("leeftijdsgroep").select("code", pl.col("tot_en_met").cast(pl.Int32))
    groep = pl.coalesce(pl.when(leeftijd.fill_null(0) <= tot).then(tekst(code)) for code, tot in klassen.iter_rows())
    return (
        eenheden.lazy()
        .filter(aanvang <= p.d1, einde >= p.d0)
        .join(wie.lazy(), on="persoon")
        .with_columns(
            totaal=tekst("totaal"),
            leeftijdsgroep=groep,
            beginstand=~instroom,
            instroom=instroom,
            **{
                f"instroom_{s}": instroom & (pl.col("soort_instroom") == s).fill_null(False)
                for s in ("nieuw", "herhaald", "aansluitend")
            },
            uitstroom=einde <= p.d1,
            eindstand=einde > p.d1,
        )
    )


def cellen_van(p: Verslagperiode, zorg: pl.DataFrame, episode: pl.DataFrame, wie: pl.DataFrame) -> pl.DataFrame:
    """The counts of a period per plek: a persoon has one plek per period, so distinct persons add up over regions."""
    maten = pl.col([m for m in MATEN if m != "in_periode"]).sum().cast(pl.Int64)
    personen = pl.col("persoon").n_unique().cast(pl.Int64)
    traject, jeugdige = in_periode(zorg, p, wie).collect().lazy(), in_periode(episode, p, wie).collect().lazy()
    vragen = []
    for dimensie in (*PERSOONSDIMENSIES, *ZORGDIMENSIES):
        per = ["soort", "plek", pl.col(dimensie).cast(pl.Categorical).alias("categorie")]
        van_dimensie = traject.filter(pl.col(dimensie).is_not_null()).group_by(per)
        geteld = {"trajecten": van_dimensie.agg(maten, in_periode=pl.len().cast(pl.Int64))}
        if dimensie in PERSOONSDIMENSIES:
            geteld["jeugdigen"] = jeugdige.group_by(per).agg(maten, in_periode=personen)
        else:  # of jeugdigen with a traject of some kind only the number is given
            geteld["jeugdigen"] = van_dimensie.agg(in_periode=personen)
        vragen += [
            cel.with_columns(verslagperiode=tekst(p.naam), eenheid=tekst(eenheid), dimensie=tekst(dimensie))
            for eenheid, cel in geteld.items()
        ]
    return pl.concat(pl.collect_all(vragen), how="diagonal")


def per_niveau(cellen: pl.DataFrame, bron: pl.DataFrame) -> pl.DataFrame:
    """Add the counts up to every region level; what is not given is null."""
    plekken = bron.lazy().select("plek", *REGIOS.values()).unique("plek")
    delen = []
    for niveau, kolom in REGIOS.items():
        deel = cellen.lazy().filter(pl.col("dimensie").is_in(WIJKDIMENSIES) if niveau == "wijk" else True)
        deel = deel.join(plekken, on="plek").with_columns(regio_niveau=tekst(niveau), regio_code=pl.col(kolom))
        delen.append(deel.group_by(SLEUTELS).agg(pl.col(MATEN).sum()))
    gesplitst = pl.col("soort") == "jeugdhulp"
    stroomt = (pl.col("eenheid") == "trajecten") | pl.col("dimensie").is_in(PERSOONSDIMENSIES)
    return (
        pl.concat(delen)
        .with_columns(pl.when(gesplitst).then(pl.col(SPLITSING)))
        .with_columns(pl.when(stroomt).then(pl.col([m for m in MATEN if m != "in_periode"])))
        .collect()
    )


def main(argv: list[str] | None = None) -> None:
    """Land, then count; print what each took."""
    v = vraag(__doc__, argv)
    with stap("landing"):
        land(v)
    with stap("stand_stroom"):
        tel(v)


if __name__ == "__main__":
    main()
