"""Row rules: from rows of text fields to typed rows, findings and verdicts (spec 01 §2-4). Set-based; no files here.

The conditions themselves stand in the contracts; this module knows the types, the order of the codes and A09/S01.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.landing.contracts import Contract, Kolom, codelijst

BSN_OMWISSELING = date(2016, 1, 1)  # from 2016H1 the two special codes are swapped (spec 01 §3)
AFKEUR_VOLGORDE = ("A02", "A03", "A04", "A05", "A06", "A07", "A08", "A10", "A11")

# columns that every landed row carries besides those of its contract
HERKOMST = ("levering", "leverancier", "periode", "rij")


@dataclass(frozen=True)
class Beoordeeld:
    """The outcome for a batch of rows of one feed.

    goed: typed rows that count, with ``persoonssleutel`` (text to pseudonymise) instead of a BSN where the feed has one.
    afgekeurd: the same columns plus ``code``, for the quarantine.
    bevindingen: levering, rij, kolom, code, melding.
    """

    goed: pl.DataFrame
    afgekeurd: pl.DataFrame
    bevindingen: pl.DataFrame


def beoordeel(contract: Contract, ruw: pl.DataFrame) -> Beoordeeld:
    """Type and judge rows of one feed.

    In: levering, leverancier, periode, d0, d1, rij, scheef (bool: too few or too many fields) and every contract column
    as text (None = empty). Out: see Beoordeeld.
    """
    leeg = {f"{k}__leeg": pl.col(k).is_null() for k in contract.kolommen}
    getypeerd = {k.naam: _getypeerd(k) for k in contract.kolommen.values()}
    frame = ruw.with_columns(**leeg, **getypeerd).with_columns(**_afgeleid(contract), **_codelijstgroepen(contract))
    toetsen = _toetsen(contract)
    eerste = [pl.when(t.breekt).then(pl.lit(nr, pl.Int32)) for nr, t in enumerate(toetsen)]
    rijen = _met_begin(contract, frame).with_columns(_toets=pl.coalesce(eerste))
    codes = pl.col("_toets").replace_strict(dict(enumerate(t.code for t in toetsen)), return_dtype=pl.String)
    fout = rijen.filter(pl.col("_toets").is_not_null()).with_columns(code=codes)
    goed, tegenstrijdig, dubbel = _dubbelen(contract, rijen.filter(pl.col("_toets").is_null()))

    sleutel = [("bsn" if k == "persoon" else k) for k in contract.sleutel]
    tekst = f"dezelfde sleutel ({', '.join(sleutel)})"
    bevindingen = pl.concat(
        [
            _afkeurbevindingen(toetsen, fout),
            _bevinding(
                tegenstrijdig,
                "A09",
                sleutel[0],
                f"Er zijn meer rijen met {tekst} maar andere gegevens; geen ervan telt. Laat alleen de juiste staan.",
            ),
            _bevinding(
                dubbel, "S01", sleutel[0], "Deze rij staat er meer dan een keer: de eerste telt. Haal de rest weg."
            ),
            *(
                _bevinding(goed.filter(pl.sql_expr(r.als)), r.code, r.kolom, r.melding)
                for r in contract.regels
                if r.code.startswith("S")
            ),
        ]
    )
    uitvoer = uitvoerkolommen(contract)
    afgekeurd = pl.concat([fout, tegenstrijdig.with_columns(code=pl.lit("A09"))], how="diagonal")
    return Beoordeeld(goed.select(uitvoer), afgekeurd.select("code", *uitvoer), bevindingen)


def ernst(code: pl.Expr) -> pl.Expr:
    """What a code means for the delivery: weigering (the whole file), afkeur (the row does not count) or signaal."""
    return (
        pl.when(code.is_in(["A01", "L1"]))
        .then(pl.lit("weigering"))
        .when(code.str.starts_with("A"))
        .then(pl.lit("afkeur"))
        .otherwise(pl.lit("signaal"))
    )


def uitvoerkolommen(contract: Contract) -> list[str]:
    """Columns of a landed row; the BSN has made place for ``persoonssleutel`` and ``bsn_bekend``."""
    kolommen = [*HERKOMST]
    for kolom in contract.kolommen.values():
        if kolom.type == "bsn":
            kolommen += ["persoonssleutel", "bsn_bekend"]
        elif kolom.type == "geboortedatum":
            kolommen += [kolom.naam, "geboren", "ongeboren"]
        else:
            kolommen.append(kolom.naam)
    return kolommen


# --- types ---------------------------------------------------------------------------------------------------------


def _datum(tekst: pl.Expr) -> pl.Expr:
    goed = tekst.str.contains(r"^[0-9]{8}$") & (tekst.str.slice(0, 4) != "0000")
    return pl.when(goed).then(tekst).str.to_date("%Y%m%d", strict=False)


def _getypeerd(kolom: Kolom) -> pl.Expr:
    """The typed value, or null when the text is not of the type."""
    tekst = pl.col(kolom.naam)
    match kolom.type:
        case "bsn":
            waarde = _als(tekst, r"^[0-9]{9}$")
        case "geboortedatum":
            bestaat = _datum(tekst).is_not_null() | (_vroegste(tekst).is_not_null()) | (tekst == "99999999")
            waarde = pl.when(bestaat).then(tekst)
        case "datum":
            waarde = _datum(tekst)
        case "code":
            waarde = pl.when(tekst.is_in(codelijst(kolom.lijst)["code"].implode())).then(tekst)
        case "postcode":
            waarde = _als(tekst.str.replace_all(" ", "").str.to_uppercase(), r"^[1-9][0-9]{3}[A-Z]{2}$")
        case "gemeentecode":
            waarde = _als(tekst, r"^[0-9]{4}$")
        case "janee":
            waarde = _als(tekst, "^[JN]$")
        case "geheel":
            waarde = _als(tekst, r"^-?[0-9]{1,15}$").cast(pl.Int64)
        case "bedrag":
            waarde = _als(tekst.str.replace(",", "."), r"^-?[0-9]{1,10}(\.[0-9]+)?$").cast(pl.Decimal(18, 2))
        case "getal":
            # no score or percentage has nine digits, but a BSN that slipped a column has
            waarde = _als(tekst.str.replace(",", "."), r"^-?[0-9]{1,8}(\.[0-9]+)?$").cast(pl.Float64)
        case "tekst":
            volledig = _met_voorvoegsel(tekst, kolom.voorvoegsel)
            waarde = _als(volledig, f"^({kolom.patroon})$") if kolom.patroon else volledig
    for grens, te_ver in ((kolom.minimum, waarde.lt), (kolom.maximum, waarde.gt)):
        if grens is not None:
            waarde = pl.when(~te_ver(grens)).then(waarde)
    return waarde


def _als(tekst: pl.Expr, patroon: str) -> pl.Expr:
    return pl.when(tekst.str.contains(patroon)).then(tekst)


def _met_voorvoegsel(tekst: pl.Expr, voorvoegsel: str | None) -> pl.Expr:
    if voorvoegsel is None:
        return tekst
    return pl.when(tekst.str.starts_with(voorvoegsel)).then(tekst).otherwise(pl.lit(voorvoegsel) + tekst)


def _vroegste(tekst: pl.Expr) -> pl.Expr:
    """Earliest possible date of a partly unknown birth date; null for any other text."""
    maand_bekend = tekst.str.contains(r"^[0-9]{6}00$") & (tekst.str.slice(4, 2) != "00")
    return _datum(
        pl.when(maand_bekend)
        .then(tekst.str.slice(0, 6) + "01")
        .when(tekst.str.contains(r"^[0-9]{4}0000$"))
        .then(tekst.str.slice(0, 4) + "0101")
    )


# --- derived columns -------------------------------------------------------------------------------------------------


def _afgeleid(contract: Contract) -> dict[str, pl.Expr]:
    """What the rules and the landed rows need besides the columns themselves (see sources/contracts/README.md)."""
    soorten = {k.type for k in contract.kolommen.values()}
    afgeleid: dict[str, pl.Expr] = {}
    if "bsn" in soorten:
        afgeleid |= {"bsn_geldig": elfproef(pl.col("bsn")), "bsn_bekend": ~_is_speciaal(True) & ~_is_speciaal(False)}
        afgeleid |= {"persoonssleutel": _persoonssleutel(contract)}
    if "geboortedatum" in soorten:
        gb = pl.col("geboortedatum")
        onbekende_maand = gb.str.ends_with("0000")
        geteld = (
            pl.when(onbekende_maand)
            .then(gb.str.slice(0, 4) + "0701")
            .when(gb.str.ends_with("00"))
            .then(gb.str.slice(0, 6) + "15")
            .when(gb != "99999999")
            .then(gb)
        )
        ongeboren = (gb == "99999999") | _is_speciaal(onbekend=False)
        afgeleid |= {
            "geboren": pl.when(~ongeboren).then(_datum(geteld)),
            "geboren_vroegst": pl.when(~ongeboren).then(pl.coalesce(_vroegste(gb), _datum(gb))),
            "geboren_deels_onbekend": gb.str.ends_with("00"),
            "ongeboren": ongeboren.fill_null(False),
        }
    return afgeleid


def _is_speciaal(onbekend: bool) -> pl.Expr:
    """Is the BSN the special code for unknown (or else: unborn) in this row's period?"""
    nul_is_onbekend = pl.col("d0") < BSN_OMWISSELING
    code = pl.when(nul_is_onbekend == onbekend).then(pl.lit("000000000")).otherwise(pl.lit("999999999"))
    return (pl.col("bsn") == code).fill_null(False)


def elfproef(bsn: pl.Expr) -> pl.Expr:
    """Weights 9 8 7 6 5 4 3 2 -1, sum divisible by 11; the special codes pass (spec 01 §3)."""
    som = sum(bsn.str.slice(i, 1).cast(pl.Int32) * gewicht for i, gewicht in enumerate((9, 8, 7, 6, 5, 4, 3, 2, -1)))
    return (som % 11 == 0) | bsn.is_in(["000000000", "999999999"])


def _persoonssleutel(contract: Contract) -> pl.Expr:
    """The text whose HMAC is the persoon: the BSN, or what is known of a person without one (spec 01 §3)."""
    kenmerken = [pl.col(k) if k in contract.kolommen else pl.lit("") for k in ("geboortedatum", "geslacht", "postcode")]
    rest = pl.concat_str([pl.col("leverancier"), *(k.fill_null("") for k in kenmerken)], separator="|")
    return (
        pl.when(_is_speciaal(onbekend=True))
        .then(pl.lit("onbekend|") + rest)
        .when(_is_speciaal(onbekend=False))
        .then(pl.lit("ongeboren|") + rest)
        .otherwise(pl.col("bsn"))
    )


def _met_begin(contract: Contract, frame: pl.DataFrame) -> pl.DataFrame:
    if contract.begin is None:
        return frame
    begin, geboren = pl.col("begin"), pl.col("geboren")
    nog_niet_jarig = begin.dt.month().cast(pl.Int32) * 100 + begin.dt.day() < (
        geboren.dt.month().cast(pl.Int32) * 100 + geboren.dt.day()
    )
    leeftijd = begin.dt.year() - geboren.dt.year() - nog_niet_jarig.cast(pl.Int32)
    return frame.with_columns(begin=pl.sql_expr(contract.begin)).with_columns(leeftijd_bij_begin=leeftijd)


def _codelijstgroepen(contract: Contract) -> dict[str, pl.Expr]:
    """``<kolom>__<groeping>`` for each grouping column of a column's code list."""
    groepen = {}
    for kolom in contract.kolommen.values():
        lijst = codelijst(kolom.lijst) if kolom.type == "code" else pl.DataFrame()
        for groep in [k for k in lijst.columns if "groep" in k]:
            groepen[f"{kolom.naam}__{groep}"] = pl.col(kolom.naam).replace_strict(
                lijst["code"], lijst[groep], default=None, return_dtype=pl.String
            )
    return groepen


# --- rules -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Toets:
    code: str
    kolom: str
    melding: str
    breekt: pl.Expr


def _toetsen(contract: Contract) -> list[_Toets]:
    """Every A-rule on single rows, in the order in which a row is reported under one of them (spec 01 §4)."""
    scheef = pl.col("scheef")  # too few or too many fields: no value can be told from another
    toetsen = [_Toets("A03", "", "De rij heeft te veel of te weinig velden. Zet elk gegeven in zijn kolom.", scheef)]
    for naam, kolom in contract.kolommen.items():
        if kolom.verplicht:
            leeg = ~scheef & pl.col(f"{naam}__leeg")
            toetsen.append(_Toets("A02", naam, f"De verplichte waarde {naam} ontbreekt. Vul hem in.", leeg))
        if kolom.verplicht or kolom.type not in ("postcode", "gemeentecode"):
            verkeerd = ~pl.col(f"{naam}__leeg") & pl.col(naam).is_null()
            toetsen.append(_Toets("A03", naam, _melding_type(kolom), verkeerd))
    for regel in contract.regels:
        if regel.code.startswith("A"):
            breekt = pl.sql_expr(regel.als).fill_null(False) & ~scheef
            toetsen.append(_Toets(regel.code, regel.kolom, regel.melding, breekt))
    return sorted(toetsen, key=lambda t: AFKEUR_VOLGORDE.index(t.code))


def _melding_type(kolom: Kolom) -> str:
    verwacht = {
        "bsn": "9 cijfers",
        "geboortedatum": "JJJJMMDD (dag of maand onbekend: 00; ongeboren: 99999999)",
        "datum": "een bestaande datum als JJJJMMDD",
        "postcode": "een postcode zoals 9401AB",
        "gemeentecode": "4 cijfers",
        "janee": "J of N",
        "geheel": "een geheel getal",
        "bedrag": "een bedrag zoals 12,50",
        "getal": "een getal zoals 7,5",
        "tekst": "de vorm van het contract",
    }
    vorm = f"een van {', '.join(codelijst(kolom.lijst)['code'])}" if kolom.type == "code" else verwacht[kolom.type]
    if kolom.minimum is not None and kolom.maximum is not None:
        vorm += f" van {kolom.minimum} tot en met {kolom.maximum}"
    return f"De waarde in {kolom.naam} is niet geldig; verwacht wordt {vorm}."


def _dubbelen(contract: Contract, goed: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Split rows into those that count, those that contradict each other (A09) and repeated ones (S01)."""
    sleutel = ["levering", *("persoonssleutel" if k == "persoon" else k for k in contract.sleutel)]
    inhoud = [k for k in uitvoerkolommen(contract) if k != "rij"]
    meer = goed.filter(pl.len().over(sleutel) > 1).with_columns(
        _verschillend=pl.struct(inhoud).n_unique().over(sleutel) > 1,
        _eerste=pl.col("rij") == pl.col("rij").min().over(sleutel),
    )
    tegenstrijdig = meer.filter("_verschillend")
    dubbel = meer.filter(~pl.col("_verschillend") & ~pl.col("_eerste"))
    weg = pl.concat([tegenstrijdig, dubbel]).select("levering", "rij")
    return goed.join(weg, on=["levering", "rij"], how="anti"), tegenstrijdig, dubbel


def _afkeurbevindingen(toetsen: list[_Toets], fout: pl.DataFrame) -> pl.DataFrame:
    """One finding per row under its one code: the first column, and what is wrong in each column under that code."""
    meldingen = [pl.when(t.breekt & (pl.col("code") == t.code)).then(pl.lit(t.melding)) for t in toetsen]
    kolom = pl.col("_toets").replace_strict(dict(enumerate(t.kolom for t in toetsen)), return_dtype=pl.String)
    return fout.select(
        "levering", "rij", kolom=kolom, code="code", melding=pl.concat_str(meldingen, separator=" ", ignore_nulls=True)
    )


def _bevinding(frame: pl.DataFrame, code: str, kolom: str, melding: str) -> pl.DataFrame:
    return frame.select("levering", "rij", kolom=pl.lit(kolom), code=pl.lit(code), melding=pl.lit(melding))
