"""Which published numbers hang together: every count as one cell, every sum as one equation (spec 02 §3-6, 03, 05 §2)."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb
import numpy as np

# Columns by which a count is known, whatever table shows it; the same number in two tables is one cell.
SLEUTEL = ("bron", "periode", "niveau", "regio", "reeks", "dimensie", "categorie", "maat")
NIVEAUS = ("wijk", "gemeente", "subregio", "jeugdregio", "provincie")

RIJSLEUTEL = {
    "stand_stroom": "verslagperiode soort eenheid regio_niveau regio_code dimensie categorie",
    "duur": "verslagperiode regio_niveau regio_code dimensie categorie",
    "herindicaties": "verslagperiode regio_niveau regio_code dimensie categorie",
    "percentage_in_zorg": "verslagperiode regio_niveau regio_code maat",
    "prestatie_indicatoren": "verslagperiode regio_niveau regio_code aanbieder indicator maat categorie",
    "vergelijking": "verslagperiode regio_niveau regio_code aanbieder indicator maat categorie",
    "doelstelling": "doelstelling verslagperiode regio_niveau regio_code maat",
}
STROOM = "beginstand instroom instroom_nieuw instroom_herhaald instroom_aansluitend uitstroom eindstand in_periode".split()
KLASSEN = "k_0_3m k_3_6m k_6_12m k_1_2j k_2_3j k_3_4j k_4j_plus".split()
BESLUITEN = "besluiten nieuw vervolg_planmatig vervolg_niet_planmatig herhaald_beroep herindicaties".split()

# --- what is published: counts ---------------------------------------------------------------------------------------

_REGIO = "verslagperiode as periode, regio_niveau as niveau, regio_code as regio"
_PI_REEKS = "case when indicator = '5' then '' else aanbieder end as reeks"
_PI_5_DIMENSIE = "case when aanbieder = 'alle' then 'totaal' else 'aanbieder' end"
_PI_5_CATEGORIE = "case when aanbieder = 'alle' then 'totaal' else aanbieder end"
# Numbers of the indicators that are one number under several names: all maten of a scale share their noemer.
_PI_NOEMER = """case
    when indicator = '1' and maat <> 'buiten_termijn' then '1|doelen'
    when indicator = '4' and maat <> 'buiten_termijn' then '4|paren|' || split_part(categorie, ':', 1)
    when indicator = '6' and maat[1:3] in ('zz_', 'uz_') then '6|paren|' || maat[1:2]
    when indicator = '3' or maat = 'geen_vervolg' then '3|jeugdigen'
    when indicator = 'U' then 'trajecten'
    when indicator = '7' then '7|noemer|' || categorie
    else indicator || '|noemer|' || maat end"""
_PI_RESPONS = """case
    when indicator in ('4', '6') then """ + _PI_NOEMER + """
    when indicator = '2' and maat like '%jeugdige' then '2|gemeten|jeugdige'
    when indicator = '2' then '2|gemeten|ouder'
    else indicator || '|gemeten' end"""


def _kolom(kolom: str, sleutel: str, waar: str = "true") -> tuple[str, str, str]:
    return kolom, sleutel, waar


def _pi_kolommen(respons: bool) -> list[tuple[str, str, str]]:
    """The counts of prestatie_indicatoren (and of vergelijking, which repeats some of its rows)."""
    vijf = f"'hi' as bron, {_REGIO}, '' as reeks, {_PI_5_DIMENSIE} as dimensie, {_PI_5_CATEGORIE} as categorie"
    pi = f"'pi' as bron, {_REGIO}, aanbieder as reeks"
    teller = "case when maat = 'behaald' then '1|verdeling' else indicator || '|' || maat end as dimensie"
    score = "case when maat = 'behaald' then '2' else categorie end as categorie"
    uit = [
        _kolom("teller", f"{vijf}, categorie as maat", "indicator = '5'"),
        _kolom("noemer", f"{vijf}, 'besluiten' as maat", "indicator = '5'"),
        _kolom("teller", f"{pi}, {teller}, {score}, 'teller' as maat", "indicator <> '5'"),
        _kolom("noemer", f"{pi}, {_PI_NOEMER} as dimensie, '' as categorie, 'n' as maat", "indicator <> '5'"),
    ]
    if respons:
        wie = "case when maat like '%jeugdige' then '2|twaalf' else 'trajecten' end as dimensie"
        uit += [
            _kolom("respons_teller", f"{pi}, {_PI_RESPONS} as dimensie, '' as categorie, 'n' as maat"),
            _kolom("respons_noemer", f"{pi}, {wie}, '' as categorie, 'n' as maat"),
        ]
    return uit


def _kolommen(tabel: str) -> list[tuple[str, str, str]]:
    """(column, its key as SELECT list, for which rows) of every count of a table."""
    categorie = "dimensie, categorie"
    if tabel == "stand_stroom":
        basis = f"'ss' as bron, {_REGIO}, soort || '/' || eenheid as reeks, {categorie}"
        return [_kolom(k, f"{basis}, '{k}' as maat") for k in STROOM]
    if tabel == "duur":
        # the rows of stand_stroom again, with classes
        basis = f"'ss' as bron, {_REGIO}, 'jeugdhulp/trajecten' as reeks, {categorie}"
        return [_kolom(k, f"{basis}, '{'uitstroom' if k == 'aantal' else k}' as maat") for k in ["aantal", *KLASSEN]]
    if tabel == "herindicaties":
        basis = f"'hi' as bron, {_REGIO}, '' as reeks, {categorie}"
        eerder = basis.replace("verslagperiode as", f"{_jaar_eerder('verslagperiode')} as")
        return [
            *(_kolom(k, f"{basis}, '{k}' as maat") for k in BESLUITEN),
            _kolom("herindicaties_jaar_eerder", f"{eerder}, 'herindicaties' as maat"),
        ]
    if tabel == "percentage_in_zorg":
        basis = f"'pz' as bron, {_REGIO}"
        leeg = "'' as dimensie, '' as categorie, 'teller' as maat"
        return [
            _kolom("teller", f"{basis}, maat as reeks, {leeg}"),
            _kolom("noemer", f"{basis}, 'jeugdhulp' as reeks, {leeg}", "maat = 'jeugdhulp_verblijf'"),
        ]
    if tabel == "doelstelling":
        pz = f"'pz' as bron, {_REGIO}"
        hi = f"'hi' as bron, {_REGIO}, '' as reeks, 'verwijzer' as dimensie, split_part(maat, ' ', 3) as categorie"
        leeg = "'' as dimensie, '' as categorie, 'teller' as maat"
        basis = hi.replace("verslagperiode as", "basis as")
        her = "maat like 'herindicaties %'"
        return [
            _kolom("aantal", f"{pz}, maat as reeks, {leeg}", f"not {her}"),
            _kolom("noemer", f"{pz}, 'jeugdhulp' as reeks, {leeg}", "maat = 'jeugdhulp_verblijf'"),
            _kolom("aantal", f"{hi}, 'herindicaties' as maat", her),
            _kolom("noemer", f"{basis}, 'herindicaties' as maat", her),
        ]
    return _pi_kolommen(respons=tabel == "prestatie_indicatoren")


def _jaar_eerder(periode: str) -> str:
    return f"(cast(cast({periode}[1:4] as integer) - 1 as varchar) || {periode}[5:6])"


# --- what is published: percentages ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Deling:
    """Columns that show ``teller`` / ``noemer``; ``soort`` says what can be read off them."""

    kolommen: tuple[str, ...]
    teller: str
    noemer: str
    soort: str = "percentage"  # of wilson, of verandering
    waar: str = "true"


_WILSON = ("waarde", "ondergrens", "bovengrens")
DELINGEN: dict[str, list[Deling]] = {
    "percentage_in_zorg": [Deling(("percentage", "ondergrens", "bovengrens"), "teller", "noemer", "wilson")],
    "prestatie_indicatoren": [Deling(_WILSON, "teller", "noemer", "wilson", "teller is not null")],
    "herindicaties": [
        Deling(("percentage",), "herindicaties", "besluiten"),
        Deling(("verandering",), "herindicaties", "herindicaties_jaar_eerder", "verandering"),
    ],
    # what is printed there stands in prestatie_indicatoren as well, but without the interval
    "vergelijking": [Deling(("waarde",), "teller", "noemer", "wilson", "teller is not null")],
    "doelstelling": [
        Deling(("waarde",), "aantal", "noemer", "percentage", "maat not like 'herindicaties %'"),
        Deling(("waarde",), "aantal", "noemer", "verandering", "maat like 'herindicaties %'"),
    ],
}
