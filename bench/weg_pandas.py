"""The same landing and the same stand_stroom in pandas, as who knows pandas well would write them: what the product is
measured against.

`python -m bench.weg_pandas SOURCES OUT 2024H2 --key-file FILE`. Rows are judged per feed and period; what repeats (codes,
dates, regions) is kept as categories or worked out once per different value; persons are numbers after the landing.
Left out on purpose: other file formats, rows with too few or too many fields, findings, quarantine, cells that are zero.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv, parquet

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

ONEINDIG = pd.Timestamp("9999-12-31")  # the end of what still runs
DAG = pd.Timedelta(days=1)
DATUM = "datetime64[us]"  # whatever to_datetime makes of a column without dates

# --- landing ---------------------------------------------------------------------------------------------------------


def land(v: Vraag) -> None:
    """Write OUT/<feed>/<periode>.parquet with the rows in force, and OUT/levering.parquet with the leveringen in force."""
    alle = []
    for feed, periode, bestanden in v.groepen():
        rijen, afkeur = beoordeel(contracten()[feed], lees(bestanden, contracten()[feed]), periode, v)
        leveringen = pd.DataFrame(
            [(b.levering, b.feed, b.leverancier, b.periode, b.volgnr) for b in bestanden],
            columns=["levering", "feed", "leverancier", "periode", "volgnr"],
        )
        geteld = leveringen["levering"].map(afkeur.groupby(level=0, observed=True).mean())
        aanvaard = leveringen[~(geteld > v.max_afkeur)].sort_values("volgnr")  # header only: NaN, accepted
        van_kracht = aanvaard.drop_duplicates("leverancier", keep="last")
        alle.append(van_kracht)
        doel = v.uit / feed
        doel.mkdir(parents=True, exist_ok=True)
        rijen = rijen[rijen["levering"].isin(van_kracht["levering"])].assign(periode=periode)
        parquet.write_table(_brede_codes(rijen), doel / f"{periode}.parquet", compression="zstd")
    pd.concat(alle).to_parquet(v.uit / "levering.parquet", index=False)


def _brede_codes(rijen: pd.DataFrame) -> pa.Table:
    """Categories with codes of one width: pandas takes the smallest, and files that differ cannot be read as one."""
    tabel = pa.Table.from_pandas(rijen, preserve_index=False)
    velden = [
        veld.with_type(pa.dictionary(pa.int32(), veld.type.value_type)) if pa.types.is_dictionary(veld.type) else veld
        for veld in tabel.schema
    ]
    return tabel.cast(pa.schema(velden, tabel.schema.metadata))


def lees(bestanden: list[Bestand], contract: Contract) -> pd.DataFrame:
    """The rows of files of one feed and period as text (missing = empty), with levering and leverancier."""
    tekst_als_tekst = csv.ConvertOptions(
        column_types=dict.fromkeys(contract.kolommen, pa.string()),
        include_columns=list(contract.kolommen),
        include_missing_columns=True,
        null_values=[""],
        strings_can_be_null=True,
    )
    # pyarrow itself: a quarter of the time of pd.read_csv on many small files
    delen = [
        csv.read_csv(b.pad, parse_options=csv.ParseOptions(delimiter=b.scheiding), convert_options=tekst_als_tekst)
        for b in bestanden
    ]
    tekst = pa.concat_tables(delen).to_pandas().astype("str")
    tekst = tekst.apply(lambda kolom: kolom.str.strip().replace("", np.nan))
    nummer = np.repeat(np.arange(len(delen)), [len(d) for d in delen])
    leveranciers = pd.Categorical([b.leverancier for b in bestanden])
    return tekst.assign(
        levering=pd.Categorical.from_codes(nummer, [b.levering for b in bestanden]), leverancier=leveranciers[nummer]
    )


def beoordeel(contract: Contract, ruw: pd.DataFrame, periode: str, v: Vraag) -> tuple[pd.DataFrame, pd.Series]:
    """The typed rows that count, and for every row, by levering, whether it got afkeur (A02-A11)."""
    kolommen = contract.kolommen.values()
    rijen = ruw[["levering", "leverancier"]].assign(**{k.naam: getypeerd(k, ruw[k.naam]) for k in kolommen})
    fout = pd.Series(False, index=ruw.index)
    for k in kolommen:
        if k.verplicht:
            fout |= rijen[k.naam].isna()
        elif k.type not in ("postcode", "gemeentecode"):
            fout |= ruw[k.naam].notna() & rijen[k.naam].isna()
    if "bsn" in rijen:
        rijen = met_persoon(rijen, periode, v.instellingen.sleutel())
        for breekt in regels(contract, rijen, *grenzen(periode)):
            fout |= breekt
        rijen = rijen.drop(columns=["bsn", "vroegst"])
    goed = rijen[~fout]
    sleutel = ["levering", *contract.sleutel]
    meer = goed[goed.duplicated(sleutel, keep=False)]
    verschillend = meer.drop_duplicates()  # identical rows: the first is kept (S01)
    strijdig = verschillend[verschillend.duplicated(sleutel, keep=False)][sleutel].drop_duplicates()
    a09 = meer.reset_index().merge(strijdig, on=sleutel)["index"]
    fout[a09] = True
    goed = goed.drop(index=meer.index.difference(verschillend.index).union(a09))
    return goed, pd.Series(fout.to_numpy(), index=rijen["levering"])


def getypeerd(kolom: Kolom, tekst: pd.Series) -> pd.Series:
    """The typed value, missing when the text is not of the type."""
    match kolom.type:
        case "code":
            codes = codelijst(kolom.lijst)["code"].to_list()
            return tekst.where(tekst.isin(codes)).astype(pd.CategoricalDtype(codes))
        case "janee":
            return vorm(tekst, "[JN]").astype(pd.CategoricalDtype(["J", "N"]))
        case "datum":
            return per_waarde(tekst, datum)
        case "geboortedatum":
            geldig = per_waarde(tekst, lambda t: geboortedag(t, "0701", "15").notna() | (t == "99999999"))
            return tekst.where(geldig.eq(True))
        case "bsn":
            return tekst.where(tekst.str.fullmatch("[0-9]{9}"))
        case "postcode":
            return per_waarde(tekst, lambda t: vorm(t.str.replace(" ", "").str.upper(), "[1-9][0-9]{3}[A-Z]{2}"))
        case "gemeentecode":
            return per_waarde(tekst, lambda t: vorm(t, "[0-9]{4}"))
        case "geheel":
            getal = pd.to_numeric(vorm(tekst, "-?[0-9]{1,15}"))
            return getal.where(getal.between(kolom.minimum, kolom.maximum)).astype("Int64")
        case "tekst":
            voor = kolom.voorvoegsel or ""
            volledig = tekst.where(tekst.str.startswith(voor) | tekst.isna(), voor + tekst)
            return vorm(volledig, kolom.patroon) if kolom.patroon else volledig
    raise NotImplementedError(kolom.type)


def per_waarde(kolom: pd.Series, functie: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Apply a function on texts once to every different text; missing stays missing."""
    nummers, waarden = pd.factorize(kolom)
    return functie(pd.Series(waarden, dtype="str")).reindex(nummers).set_axis(kolom.index)


def vorm(tekst: pd.Series, patroon: str) -> pd.Series:
    """The texts of exactly this form."""
    return tekst.where(tekst.str.fullmatch(patroon, na=False))


def datum(tekst: pd.Series) -> pd.Series:
    """Existing days written as JJJJMMDD."""
    return pd.to_datetime(vorm(tekst, "[0-9]{8}"), format="%Y%m%d", errors="coerce").astype(DATUM)


def geboortedag(tekst: pd.Series, maand_onbekend: str, dag_onbekend: str) -> pd.Series:
    """The day of a birth date of which month or day may be unknown (00)."""
    dag = tekst.str.replace("^([0-9]{4})0000$", rf"\g<1>{maand_onbekend}", regex=True)
    return datum(dag.str.replace("^([0-9]{6})00$", rf"\g<1>{dag_onbekend}", regex=True))


def met_persoon(rijen: pd.DataFrame, periode: str, sleutel: bytes) -> pd.DataFrame:
    """Add persoon, bsn_bekend, ongeboren, geboren and vroegst (earliest possible birth date)."""
    codes = {"000000000": "onbekend", "999999999": "ongeboren"}
    if periode >= "2016H1":
        codes = {"999999999": "onbekend", "000000000": "ongeboren"}
    soort, bsn = rijen["bsn"].map(codes), rijen["bsn"]
    zonder = rijen[soort.notna()]
    delen = [zonder[k].astype("str").fillna("") for k in ("leverancier", "geboortedatum", "geslacht", "postcode")]
    wie = pd.concat([bsn[soort.isna()], soort.dropna().str.cat(delen, sep="|")]).reindex(rijen.index)
    nummers, personen = pd.factorize(wie)
    ongeboren = (soort == "ongeboren") | (rijen["geboortedatum"] == "99999999")
    geboren = rijen["geboortedatum"].mask(ongeboren)
    return rijen.assign(
        persoon=pd.Categorical.from_codes(nummers, pd.Index([pseudoniem(p, sleutel) for p in personen], dtype="str")),
        bsn_bekend=soort.isna(),
        ongeboren=ongeboren,
        geboren=per_waarde(geboren, lambda t: geboortedag(t, "0701", "15")),
        vroegst=per_waarde(geboren, lambda t: geboortedag(t, "0101", "01")),
    )


def regels(contract: Contract, r: pd.DataFrame, eerste: date, laatste: date) -> list[pd.Series]:
    """The row rules A02 and A04-A11 of jeugdhulp and maatregelen that hang on more than one column: true = broken."""
    d0, d1, einde = pd.Timestamp(eerste), pd.Timestamp(laatste), r["datum_einde"]
    begin, reden = r["datum_aanvang"], r["reden_beeindiging"]
    if contract.feed == "jeugdhulp":
        eigen = [
            einde.isna() != reden.isna(),
            (r["verwijzer"] == "07") & (begin >= "2015-01-01"),
            (r["verwijzer"] == "08") & (d0 < pd.Timestamp("2016-01-01")),
        ]
    else:
        over, gekregen = r["datum_overgedragen"], r["datum_overgedragen_gekregen"]
        begin = begin.fillna(gekregen)
        hoort_bij = r["type_maatregel"].map(groepen("type_maatregel", "redengroep")).astype("str")
        eigen = [
            begin.isna(),
            (over < r["datum_aanvang"]) | (over < gekregen),
            reden.notna() & (einde.isna() | (reden.map(groepen("reden_maatregel")).astype("str") != hoort_bij)),
        ]
    return [
        ~elfproef(r["bsn"]),
        einde < begin,
        (begin > d1) | (einde > d1) | (einde < d0),
        (als_getal(begin) - als_getal(r["geboren"])) // 10_000 >= 23,
        r["vroegst"] > d1,
        *eigen,
    ]


def elfproef(bsn: pd.Series) -> pd.Series:
    """Weights 9 8 7 6 5 4 3 2 -1, sum divisible by 11; the special codes pass."""
    nummer = pd.to_numeric(bsn).fillna(0).to_numpy(np.int64)
    cijfers = nummer[:, None] // 10 ** np.arange(8, -1, -1) % 10
    return pd.Series(cijfers @ [9, 8, 7, 6, 5, 4, 3, 2, -1] % 11 == 0, index=bsn.index) | (bsn == "999999999")


def als_getal(dag: pd.Series) -> pd.Series:
    """JJJJMMDD as a number: the difference of two, divided by 10 000, is the age."""
    return dag.dt.year * 10_000 + dag.dt.month * 100 + dag.dt.day


def groepen(lijst: str, kolom: str = "groep") -> dict[str, str]:
    """The group of every code of a list."""
    return dict(codelijst(lijst).select("code", kolom).iter_rows())


# --- stand_stroom ----------------------------------------------------------------------------------------------------


def tel(v: Vraag) -> None:
    """Write OUT/stand_stroom.parquet: the cells of which some count is not zero."""
    leveringen = pd.read_parquet(v.uit / "levering.parquet")
    persoon = ["persoon", "geboren", "geslacht", "postcode", "gemeentecode", "leverancier", "periode"]
    record = [*persoon, "datum_aanvang", "datum_einde"]
    hulp = pd.read_parquet(v.uit / "jeugdhulp", columns=[*record, "hulpvorm", "verwijzer", "perspectief"])
    overdracht = ["datum_overgedragen", "datum_overgedragen_gekregen"]
    maatregel = pd.read_parquet(v.uit / "maatregelen", columns=[*record, "type_maatregel", *overdracht])
    nummers, personen = pd.factorize(pd.concat([hulp["persoon"], maatregel["persoon"]]))
    hulp["persoon"], maatregel["persoon"] = np.split(nummers.astype(np.int32), [len(hulp)])
    hulp["aanvang"] = hulp["datum_aanvang"]
    maatregel["aanvang"] = maatregel["datum_aanvang"].fillna(maatregel["datum_overgedragen_gekregen"])

    bron = persoon_bron(hulp, maatregel, v.uit)
    zorg = pd.concat([trajecten(hulp, leveringen, v), maatregelen(maatregel, leveringen, v)], ignore_index=True)
    zorg = zorg.astype(dict.fromkeys(["soort", "aanbieder", "hulpvormgroep"], "category"))
    del hulp, maatregel
    episode = episoden(zorg, v)
    perioden = verslagperioden(leveringen.loc[leveringen["feed"] == "jeugdhulp", "periode"])
    wie = kenmerken(bron, len(personen), sorted({p.kenmerken for p in perioden} | set(bron["periode"])))
    cellen = pd.concat([cellen_van(p, zorg, episode, bron, wie[p.kenmerken]) for p in perioden], ignore_index=True)
    per_niveau(cellen, bron).to_parquet(v.uit / "stand_stroom.parquet", index=False)


def persoon_bron(hulp: pd.DataFrame, maatregel: pd.DataFrame, map_: Path) -> pd.DataFrame:
    """Per persoon and delivered period the one row that gives the attributes, with its region (plek)."""
    kolommen = ["persoon", "periode", "geboren", "geslacht", "postcode", "gemeentecode", "aanvang", "leverancier"]
    rijen = pd.concat(
        [
            hulp[kolommen].assign(code=hulp["hulpvorm"].astype("str"), feed=1, gekregen=pd.NaT),
            maatregel[kolommen].assign(
                code=maatregel["type_maatregel"].astype("str"),
                feed=2,
                gekregen=maatregel["datum_overgedragen_gekregen"],
            ),
        ],
        ignore_index=True,
    )
    wie = ["persoon", "periode"]
    rijen = rijen[rijen["aanvang"] == rijen.groupby(wie)["aanvang"].transform("max")]
    volgorde = ["leverancier", "code", "feed", "gekregen"]
    bron = rijen.sort_values(volgorde, na_position="first").drop_duplicates(wie).sort_values(wie)
    jaren = bron["periode"].str[:4].astype(int)
    gebied, postcode = (pd.read_parquet(map_ / f).sort_values("periode") for f in ("cbs_gebieden", "cbs_postcodes"))
    gebied = gebied.drop_duplicates(["jaar", "gemeentecode"], keep="last")
    postcode = postcode.drop_duplicates(["jaar", "postcode"], keep="last")
    delen = []
    for jaar, deel in bron.groupby(jaren):
        van_postcode = postcode[postcode["jaar"] == kaartjaar(jaar, postcode["jaar"].unique())].set_index("postcode")
        van_gemeente = gebied[gebied["jaar"] == kaartjaar(jaar, gebied["jaar"].unique())].set_index("gemeentecode")
        gemeente = deel["postcode"].map(van_postcode["gemeentecode"]).fillna("GM" + deel["gemeentecode"])
        bekend = gemeente.isin(van_gemeente.index)
        regio = {k: gemeente.map(van_gemeente[k]) for k in ("provinciecode", "jeugdregio", "subregio")}
        wijk = deel["postcode"].map(van_postcode["wijkcode"]).where(bekend)
        delen.append(deel.assign(**regio, gemeentecode=gemeente.where(bekend), wijkcode=wijk))
    regios = list(REGIOS.values())
    bron = pd.concat(delen, ignore_index=True).fillna(dict.fromkeys(regios, "onbekend"))
    return bron.assign(plek=bron.groupby(regios).ngroup())


def met_einde(rijen: pd.DataFrame, sleutel: list[str], leveringen: pd.DataFrame, v: Vraag) -> pd.DataFrame:
    """The latest version of each record, with the end that follows from what was (not) delivered."""
    versie = rijen.sort_values("periode", kind="stable").drop_duplicates(sleutel, keep="last")
    tot = versie["periode"].map({p: grenzen(p)[1] for p in leveringen["periode"].unique()}).astype(DATUM)
    laatste_periode = leveringen.groupby("leverancier")["periode"].max().to_dict()
    laatste = versie["leverancier"].map({k: grenzen(p)[1] for k, p in laatste_periode.items()}).astype(DATUM)
    gestopt = versie["leverancier"].map(v.instellingen.gestopt).astype(DATUM)
    gestopt = gestopt.mask(gestopt < versie["aanvang"], versie["aanvang"])
    einde = versie["datum_einde"].fillna(tot.where(laatste > tot)).fillna(gestopt).fillna(ONEINDIG)
    return versie.assign(einde=einde)


def trajecten(hulp: pd.DataFrame, leveringen: pd.DataFrame, v: Vraag) -> pd.DataFrame:
    """Overlapping records of one persoon, hulpvorm and leverancier are one traject."""
    van = ["persoon", "hulpvorm", "leverancier"]
    records = met_einde(hulp, [*van, "aanvang"], leveringen[leveringen["feed"] == "jeugdhulp"], v)
    records = records.sort_values([*van, "aanvang"])
    stapel = nummer_aaneen(records, van, pd.Timedelta(0))
    duur = records.groupby(stapel).agg(aanvang=("aanvang", "first"), einde=("einde", "max"))
    traject = records.drop(columns=["aanvang", "einde"])[~stapel.duplicated(keep="last")].assign(
        soort="jeugdhulp",
        aanvang=duur["aanvang"].array,
        einde=duur["einde"].array,
        hulpvormgroep=lambda t: t["hulpvorm"].map(groepen("hulpvorm")),
        perspectief=lambda t: t["perspectief"].cat.add_categories("onbekend").fillna("onbekend"),
    )
    # the latest end among the persoon's trajecten that started earlier
    per_begin = traject.groupby(["persoon", "aanvang"])["einde"].max()
    eerder = per_begin.groupby("persoon").cummax().groupby("persoon").shift().rename("vorig_einde")
    traject = traject.join(eerder, on=["persoon", "aanvang"])
    kolommen = ["soort", "persoon", "aanvang", "einde", "leverancier", "hulpvorm", "hulpvormgroep"]
    traject = traject.assign(soort_instroom=soort_instroom(traject, v))
    return traject[[*kolommen, "verwijzer", "perspectief", "soort_instroom"]].rename(
        columns={"leverancier": "aanbieder"}
    )


def nummer_aaneen(rijen: pd.DataFrame, van: list[str], tussen: pd.Timedelta) -> pd.Series:
    """Number what runs on without more than ``tussen`` between; rows are sorted by ``van`` and aanvang."""
    groep = rijen.groupby(van, observed=True, sort=False).ngroup()
    tot_nu = rijen.groupby(groep)["einde"].cummax().groupby(groep).shift()
    return (~(rijen["aanvang"] - tussen <= tot_nu)).cumsum()


def soort_instroom(rijen: pd.DataFrame, v: Vraag) -> np.ndarray:
    """What came before a start: aansluitend, herhaald or nieuw, by the latest earlier end."""
    aanvang, vorig = rijen["aanvang"], rijen["vorig_einde"]
    aansluitend = vorig >= aanvang - v.instellingen.min_tussentijd_dagen * DAG
    herhaald = vorig >= aanvang - pd.DateOffset(years=v.instellingen.venster_jaren)
    return np.select([aansluitend, herhaald], ["aansluitend", "herhaald"], "nieuw")


def maatregelen(rijen: pd.DataFrame, leveringen: pd.DataFrame, v: Vraag) -> pd.DataFrame:
    """Rows chained over overdracht: the first link gives the start, the last one the end and the GI."""
    over, gekregen = "datum_overgedragen", "datum_overgedragen_gekregen"
    sleutel = ["leverancier", "persoon", "type_maatregel", "datum_aanvang", gekregen]
    m = met_einde(rijen, sleutel, leveringen[leveringen["feed"] == "maatregelen"], v)
    m["einde"] = m[over].fillna(m["einde"])
    m = m.sort_values(["leverancier", "aanvang", "datum_aanvang", gekregen], ignore_index=True)
    wie = ["persoon", "type_maatregel"]
    van = m.dropna(subset=over).assign(dag=lambda d: d[over] + DAG).reset_index()
    naar = m.dropna(subset=gekregen).assign(dag=lambda d: d[gekregen]).reset_index()
    # one to one, also when two rows are handed over on the same day
    van, naar = (d.assign(nr=d.groupby([*wie, "dag"], observed=True).cumcount()) for d in (van, naar))
    paren = van.merge(naar, on=[*wie, "dag", "nr"])
    volgende = np.arange(len(m))
    volgende[paren["index_x"]] = paren["index_y"]
    laatste = volgende
    while (verder := volgende[laatste] != laatste).any():
        laatste = np.where(verder, volgende[laatste], laatste)
    m = m.assign(
        soort=m["type_maatregel"].map(groepen("type_maatregel")).astype("str"),
        einde=m["einde"].array[laatste],
        aanbieder=m["leverancier"].array[laatste],
    ).drop(index=paren["index_y"])
    kolommen = ["soort", "persoon", "aanvang", "einde", "aanbieder", "type_maatregel"]
    return m.loc[m["soort"].isin(["jeugdbescherming", "jeugdreclassering"]), kolommen]


def episoden(zorg: pd.DataFrame, v: Vraag) -> pd.DataFrame:
    """A persoon's care without a day in between, per soort and for jeugdzorg as a whole."""
    deel = zorg[["persoon", "soort", "aanvang", "einde"]]
    deel = pd.concat([deel, deel.assign(soort="jeugdzorg")]).astype({"soort": "category"})
    van = ["persoon", "soort"]
    deel = deel.sort_values([*van, "aanvang", "einde"], ignore_index=True)
    nummer = nummer_aaneen(deel, van, v.instellingen.min_tussentijd_dagen * DAG)
    duur = deel.groupby(nummer).agg(aanvang=("aanvang", "first"), einde=("einde", "max"))
    episode = deel.loc[~nummer.duplicated(), van].assign(aanvang=duur["aanvang"].array, einde=duur["einde"].array)
    episode["vorig_einde"] = episode.groupby(van, observed=True)["einde"].shift()
    return episode.assign(soort_instroom=soort_instroom(episode, v))


def kenmerken(bron: pd.DataFrame, personen: int, perioden: list[str]) -> pd.DataFrame:
    """Per persoon and half-year the row of ``bron`` that counts: its own, else the latest earlier, else the next."""
    welke = np.full((personen, len(perioden)), np.nan)
    welke[bron["persoon"], pd.Index(perioden).get_indexer(bron["periode"])] = bron.index
    return pd.DataFrame(welke, columns=perioden).ffill(axis=1).bfill(axis=1).astype(np.int32)


def in_periode(eenheden: pd.DataFrame, p: Verslagperiode, bron: pd.DataFrame, wie: pd.Series) -> pd.DataFrame:
    """What ran in the period, with stand en stroom and the attributes of its persoon then."""
    d0, d1 = pd.Timestamp(p.d0), pd.Timestamp(p.d1)
    loopt = eenheden[(eenheden["aanvang"] <= d1) & (eenheden["einde"] >= d0)]
    instroom, soort = loopt["aanvang"] >= d0, loopt["soort_instroom"]
    persoon = bron.loc[wie.array[loopt["persoon"]], ["plek", "geslacht", "geboren"]].set_axis(loopt.index)
    geboren = persoon["geboren"]
    jarig = (geboren.dt.month == 1) & (geboren.dt.day == 1)  # completed years on 1 January; unborn or born later: 0
    leeftijd = (p.jaar - geboren.dt.year - ~jarig).fillna(0).clip(lower=0)
    klassen = codelijst("leeftijdsgroep")
    grenzen_ = [*klassen["van"].cast(int), 1000]
    return loopt.assign(
        plek=persoon["plek"],
        totaal=pd.Categorical.from_codes(np.zeros(len(loopt), np.int8), ["totaal"]),
        geslacht=persoon["geslacht"],
        leeftijdsgroep=pd.cut(leeftijd, grenzen_, right=False, labels=klassen["code"].to_list()),
        beginstand=~instroom,
        instroom=instroom,
        **{f"instroom_{s}": instroom & (soort == s) for s in ("nieuw", "herhaald", "aansluitend")},
        uitstroom=loopt["einde"] <= d1,
        eindstand=loopt["einde"] > d1,
        in_periode=True,
    )


def cellen_van(
    p: Verslagperiode, zorg: pd.DataFrame, episode: pd.DataFrame, bron: pd.DataFrame, wie: pd.Series
) -> pd.DataFrame:
    """The counts of a period per plek: a persoon has one plek per period, so distinct persons add up over regions."""
    maten = list(MATEN)
    traject, jeugdige = in_periode(zorg, p, bron, wie), in_periode(episode, p, bron, wie)
    jeugdige["in_periode"] = ~jeugdige.duplicated(["persoon", "soort"])
    cellen = []
    for dimensie in (*PERSOONSDIMENSIES, *ZORGDIMENSIES):
        per = ["soort", "plek", dimensie]
        geteld = {"trajecten": traject.groupby(per, observed=True)[maten].sum()}
        if dimensie in PERSOONSDIMENSIES:
            geteld["jeugdigen"] = jeugdige.groupby(per, observed=True)[maten].sum()
        else:  # of jeugdigen with a traject of some kind only the number is given
            eerste = traject[~traject.duplicated(["persoon", "soort", dimensie])]
            geteld["jeugdigen"] = eerste.groupby(per, observed=True)[["in_periode"]].sum()
        for eenheid, cel in geteld.items():
            cel = cel.reset_index(names=["soort", "plek", "categorie"])
            cellen.append(cel.assign(verslagperiode=p.naam, eenheid=eenheid, dimensie=dimensie))
    return pd.concat([c.astype({"soort": object, "categorie": object}) for c in cellen], ignore_index=True)


def per_niveau(cellen: pd.DataFrame, bron: pd.DataFrame) -> pd.DataFrame:
    """Add the counts up to every region level; what is not given is missing."""
    plekken = bron.drop_duplicates("plek").set_index("plek")
    cellen = cellen.astype(dict.fromkeys(["verslagperiode", "soort", "eenheid", "dimensie", "categorie"], "category"))
    delen = []
    for niveau, kolom in REGIOS.items():
        deel = cellen[cellen["dimensie"].isin(WIJKDIMENSIES)] if niveau == "wijk" else cellen
        deel = deel.assign(regio_niveau=niveau, regio_code=deel["plek"].map(plekken[kolom]))
        delen.append(deel.groupby(list(SLEUTELS), observed=True, sort=False)[list(MATEN)].sum().reset_index())
    uit = pd.concat(delen, ignore_index=True).astype(dict.fromkeys(MATEN, "Int64"))
    uit.loc[uit["soort"] != "jeugdhulp", list(SPLITSING)] = pd.NA
    alleen_aantal = (uit["eenheid"] == "jeugdigen") & ~uit["dimensie"].isin(PERSOONSDIMENSIES)
    uit.loc[alleen_aantal, [m for m in MATEN if m != "in_periode"]] = pd.NA
    return uit


def main(argv: list[str] | None = None) -> None:
    """Land, then count; print what each took."""
    v = vraag(__doc__, argv)
    with stap("landing"):
        land(v)
    with stap("stand_stroom"):
        tel(v)


if __name__ == "__main__":
    main()
