"""From observations of CBS to the columns of a contract, as tables.yml declares. Set-based; asks and writes nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from pipelines.cbs.odata import CbsFout, Voorwaarde
from pipelines.cbs.tabellen import Bron, Dimensie, cbs_code
from pipelines.landing.contracts import BRONNEN, Contract, contracten

MAAT, WAARDE = "_maat", "_waarde"


@dataclass(frozen=True)
class Omgezet:
    """Rows in the columns of the contract, as text; ``opmerkingen`` tell (in Dutch) what was left out."""

    rijen: pl.DataFrame
    opmerkingen: tuple[str, ...] = ()

    def met(self, opmerking: str) -> Omgezet:
        """The same rows with one more remark."""
        return Omgezet(self.rijen, (*self.opmerkingen, opmerking))


def vertalingen(bron: Bron, periode: str, codes: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Per dimension the codes that count and what each becomes (columns code, waarde).

    ``codes``: the code lists of the service, for the dimensions that go by title. Dimensions by prefix have none.
    """
    return {
        naam: _vertaling(naam, dimensie, periode, codes)
        for naam, dimensie in bron.dimensies.items()
        if dimensie.voorvoegsels is None
    }


def _vertaling(naam: str, dimensie: Dimensie, periode: str, codes: dict[str, pl.DataFrame]) -> pl.DataFrame:
    if dimensie.periode:
        paren = {cbs_code(periode): f"{periode}0101" if dimensie.periode == "peildatum" else _verslagperiode(periode)}
    elif dimensie.codes is not None:
        paren = dimensie.codes
    else:
        getal = pl.col("titel").str.extract(dimensie.titel)
        gekozen = codes[naam].select("code", waarde=getal).drop_nulls()
        gekozen = gekozen.filter(pl.col("waarde").cast(pl.Int64, strict=False).is_between(dimensie.van, dimensie.tot))
        if gekozen["waarde"].n_unique() != dimensie.tot - dimensie.van + 1 or gekozen["waarde"].is_duplicated().any():
            raise CbsFout(
                f"De dimensie {naam} van het CBS heeft niet een code voor elk van {dimensie.van} tot en met "
                f"{dimensie.tot}. Controleer de dimensie in sources/cbs/tables.yml."
            )
        return gekozen
    return pl.DataFrame({"code": list(paren), "waarde": list(paren.values())})


def _verslagperiode(periode: str) -> str:
    return periode if "H" in periode else f"{periode}JJ"


def voorwaarden(bron: Bron, vertaald: dict[str, pl.DataFrame]) -> list[Voorwaarde]:
    """What to ask of the service; the answer is filtered again, for services that do not."""
    gevraagd = [
        Voorwaarde(naam, dimensie.voorvoegsels, begint=True)
        if dimensie.voorvoegsels is not None
        else Voorwaarde(naam, tuple(vertaald[naam]["code"]))
        for naam, dimensie in bron.dimensies.items()
    ]
    return [Voorwaarde("Measure", tuple(bron.maten)), *gevraagd] if bron.versie == "v4" else gevraagd


def kies_maten(bron: Bron, aanwezig: list[str]) -> dict[str, str]:
    """The measures of the table that are declared, with their value: v4 by code, v3 by the stem of the column."""
    namen = {naam: naam if bron.versie == "v4" else re.sub(r"_\d+$", "", naam) for naam in aanwezig}
    gekozen = {naam: bron.maten[stam] for naam, stam in namen.items() if stam in bron.maten}
    mist = [stam for stam in bron.maten if list(namen.values()).count(stam) != 1]
    if mist:
        raise CbsFout(
            f"In de tabel van het CBS staat niet precies een maat {', '.join(mist)}. Pas de maten aan in "
            "sources/cbs/tables.yml."
        )
    return gekozen


def naar_contract(
    feed: str, bron: Bron, periode: str, ruw: pl.DataFrame, vertaald: dict[str, pl.DataFrame], maten: dict[str, str]
) -> Omgezet:
    """The observations in the columns of the contract; empty when nothing is published for the period."""
    contract, jaar = contracten()[feed], periode[:4]
    if ruw.is_empty():
        return Omgezet(pl.DataFrame(schema=dict.fromkeys(contract.kolommen, pl.String)))
    _eis(ruw, list(bron.dimensies))
    rijen = _gebied(bron, ruw) if bron.gebied else _met_dimensies(bron, _lang(bron, ruw, maten), vertaald)
    vast = {kolom: pl.lit(waarde.format(jaar=jaar)) for kolom, waarde in bron.vast.items()}
    leeg = {k: pl.lit(None, pl.String) for k in contract.kolommen if k not in rijen.columns and k not in bron.vast}
    rijen = rijen.with_columns(**vast, **leeg).select(list(contract.kolommen))
    return _schoon(contract, bron, rijen)


def beperk(rijen: pl.DataFrame, provincies: list[str]) -> pl.DataFrame:
    """Keep the gemeenten of the given provincies; all when none is given."""
    return rijen.filter(pl.col("provinciecode").is_in(provincies)) if provincies else rijen


def vul_aan(contract: Contract, bron: Bron, rijen: pl.DataFrame, vorige: pl.DataFrame | None) -> Omgezet:
    """Add what the table lacks: rows and columns of the newest levering of the period (``vorige``), and the supplement."""
    opmerkingen = ()
    if vorige is not None and bron.behoud.kolommen:
        oud = vorige.select(*contract.sleutel, **{f"{k}__oud": k for k in bron.behoud.kolommen})
        waarden = {k: pl.coalesce(k, f"{k}__oud") for k in bron.behoud.kolommen}
        rijen = rijen.join(oud, on=contract.sleutel, how="left").with_columns(**waarden).select(rijen.columns)
    if vorige is not None and bron.behoud.voorvoegsel:
        extra = vorige.filter(pl.col(bron.behoud.kolom).str.starts_with(bron.behoud.voorvoegsel)).select(rijen.columns)
        if extra.height:
            opmerkingen = (
                f"{extra.height} rijen {bron.behoud.voorvoegsel} zijn overgenomen uit de vorige levering: de tabel heeft "
                "die niet",
            )
        rijen = pl.concat([rijen, extra])
    if bron.aanvulling:
        naam, sleutel = bron.aanvulling.kolom, bron.aanvulling.sleutel
        lijst = pl.read_csv(BRONNEN / bron.aanvulling.bestand, infer_schema=False).unique(sleutel, keep="first")
        oud = lijst.select(sleutel, **{f"{naam}__nieuw": naam})
        waarde = pl.coalesce(naam, f"{naam}__nieuw").alias(naam)
        rijen = rijen.join(oud, on=sleutel, how="left").with_columns(waarde).select(rijen.columns)
    return Omgezet(rijen.sort(contract.sleutel), opmerkingen)


# --- the two forms ---------------------------------------------------------------------------------------------------


def _lang(bron: Bron, ruw: pl.DataFrame, maten: dict[str, str]) -> pl.DataFrame:
    """One row per observation: the dimensions, _maat and _waarde."""
    if bron.versie == "v3":
        _eis(ruw, list(maten))
        lang = ruw.unpivot(on=list(maten), index=list(bron.dimensies), variable_name=MAAT, value_name=WAARDE)
        return lang.with_columns(pl.col(MAAT).replace_strict(maten, return_dtype=pl.String))
    _eis(ruw, ["Measure", "ValueAttribute", "Value"])
    tekstwaarde = [pl.col("StringValue")] if "StringValue" in ruw.columns else []
    waarde = pl.when(pl.col("ValueAttribute") == "None").then(pl.coalesce("Value", *tekstwaarde))
    gekozen = pl.col("Measure").replace_strict(maten, default=None, return_dtype=pl.String)
    return ruw.select(*bron.dimensies, gekozen.alias(MAAT), waarde.alias(WAARDE)).drop_nulls(MAAT)


def _met_dimensies(bron: Bron, lang: pl.DataFrame, vertaald: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Keep the declared codes and put the contract columns in place of the dimensions."""
    for naam, dimensie in bron.dimensies.items():
        if dimensie.voorvoegsels is None:
            lang = lang.join(vertaald[naam].rename({"waarde": f"{naam}__waarde"}), left_on=naam, right_on="code")
            lang = lang.drop(naam).rename({f"{naam}__waarde": naam})
        else:
            lang = lang.filter(_begint(naam, dimensie.voorvoegsels))
    kolommen = {d.kolom: naam for naam, d in bron.dimensies.items() if d.kolom}
    if bron.maatkolom:
        kolommen[bron.maatkolom] = MAAT
    return lang.select(**kolommen, **{bron.waardekolom: WAARDE})


def _gebied(bron: Bron, ruw: pl.DataFrame) -> pl.DataFrame:
    """Codes and names of each division; a column of codes is known by what all its codes begin with."""
    gemeenten = ruw.filter(_begint("RegioS", bron.dimensies["RegioS"].voorvoegsels))
    kolommen = {}
    for voorvoegsel, gebied in bron.gebied.items():
        nummer = _kolomnummer(gemeenten, voorvoegsel)
        kolommen[gebied.naam] = pl.col(f"Naam_{nummer + 1}").str.replace(bron.opschonen or "^$", "")
        if gebied.code:
            kolommen[gebied.code] = pl.col(f"Code_{nummer}")
    return gemeenten.select(**kolommen)


def _kolomnummer(gemeenten: pl.DataFrame, voorvoegsel: str) -> int:
    codes = [k for k in gemeenten.columns if re.fullmatch(r"Code_\d+", k)]
    passend = gemeenten.select(pl.col(codes).str.starts_with(voorvoegsel).all() & (pl.col(codes).count() > 0))
    nummers = [int(k.removeprefix("Code_")) for k in codes if passend[k].item()]
    if len(nummers) != 1 or f"Naam_{nummers[0] + 1}" not in gemeenten.columns:
        raise CbsFout(
            f"In de gebiedsindeling van het CBS is niet precies een indeling met codes {voorvoegsel}.. en namen "
            "gevonden. Controleer tabel en gebied van cbs_gebieden in sources/cbs/tables.yml."
        )
    return nummers[0]


# --- cleaning --------------------------------------------------------------------------------------------------------


def _schoon(contract: Contract, bron: Bron, rijen: pl.DataFrame) -> Omgezet:
    """Leave out what CBS does not print, and refuse more than one observation of the same thing."""
    gehele = [k.naam for k in contract.kolommen.values() if k.type == "geheel"]
    rijen = rijen.with_columns(pl.col(gehele).str.replace(r"\.0+$", ""))  # JSON has one kind of number
    if bron.waardekolom in contract.verplicht:
        rijen = rijen.drop_nulls(bron.waardekolom)
    elif bron.waardekolom:  # a region with no figure at all: a gemeente that is no more
        rijen = rijen.filter(pl.col(bron.waardekolom).is_not_null().any().over(contract.sleutel[0]))
    if rijen.select(pl.struct(contract.sleutel).is_duplicated().any()).item():
        raise CbsFout(
            f"Het CBS levert meer dan een cijfer met dezelfde {', '.join(contract.sleutel)}. Staat er een dimensie van de "
            "tabel niet in sources/cbs/tables.yml?"
        )
    if bron.volledig is None:
        return Omgezet(rijen)
    heel = pl.len().over(bron.volledig.kolom) == bron.volledig.rijen
    weg = rijen.filter(~heel)[bron.volledig.kolom].n_unique()
    opmerking = (f"{weg} keer {bron.volledig.kolom} weggelaten: het CBS geeft daar niet alle cijfers",) if weg else ()
    return Omgezet(rijen.filter(heel), opmerking)


def _begint(kolom: str, voorvoegsels: tuple[str, ...]) -> pl.Expr:
    return pl.any_horizontal(*[pl.col(kolom).str.starts_with(v) for v in voorvoegsels])


def _eis(ruw: pl.DataFrame, kolommen: list[str]) -> None:
    mist = [k for k in kolommen if k not in ruw.columns]
    if mist:
        raise CbsFout(
            f"In de waarnemingen van het CBS ontbreekt {', '.join(mist)}. Controleer versie, dimensies en maten in "
            "sources/cbs/tables.yml."
        )
