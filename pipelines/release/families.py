"""Which published numbers hang together: by what a count is known, which counts add up (spec 02 §3-6, 03, 05 §2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

# Columns by which a count is known, whatever table shows it; the same number in two tables is one cell.
SLEUTEL = ("bron", "periode", "niveau", "regio", "reeks", "dimensie", "categorie", "maat")
NIVEAUS = ("wijk", "gemeente", "subregio", "jeugdregio", "provincie")
# the column of dim_regio that tells in which region of a level a region lies
OUDERKOLOM = {
    "gemeente": "gemeentecode",
    "subregio": "subregio",
    "jeugdregio": "jeugdregio",
    "provincie": "provinciecode",
}
# families of sums over all regions there are
OVER_REGIOS = ("volgende", "jaar", "wijk_onbekend")

RIJSLEUTEL = {
    "stand_stroom": "verslagperiode soort eenheid regio_niveau regio_code dimensie categorie",
    "duur": "verslagperiode regio_niveau regio_code dimensie categorie",
    "herindicaties": "verslagperiode regio_niveau regio_code dimensie categorie",
    "percentage_in_zorg": "verslagperiode regio_niveau regio_code maat",
    "prestatie_indicatoren": "verslagperiode regio_niveau regio_code aanbieder indicator maat categorie",
    "vergelijking": "verslagperiode regio_niveau regio_code aanbieder indicator maat categorie",
    "doelstelling": "doelstelling verslagperiode regio_code",
}
STROOM = [
    "beginstand",
    "instroom",
    "instroom_nieuw",
    "instroom_herhaald",
    "instroom_aansluitend",
    "uitstroom",
    "eindstand",
    "in_periode",
]
KLASSEN = ["k_0_3m", "k_3_6m", "k_6_12m", "k_1_2j", "k_2_3j", "k_3_4j", "k_4j_plus"]
BESLUITEN = ["besluiten", "nieuw", "vervolg_planmatig", "vervolg_niet_planmatig", "herhaald_beroep", "herindicaties"]

# --- what is published: counts ---------------------------------------------------------------------------------------

_REGIO = "verslagperiode as periode, regio_niveau as niveau, regio_code as regio"
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
_PI_RESPONS = (
    """case
    when indicator in ('4', '6') then """
    + _PI_NOEMER
    + """
    when indicator = '2' and maat like '%jeugdige' then '2|gemeten|jeugdige'
    when indicator = '2' then '2|gemeten|ouder'
    else indicator || '|gemeten' end"""
)


class Telkolom(NamedTuple):
    """A column of counts: its key as SELECT list, and for which rows that holds."""

    kolom: str
    sleutel: str
    waar: str = "true"


def _pi_kolommen(respons: bool) -> list[Telkolom]:
    """The counts of prestatie_indicatoren (and of vergelijking, which repeats some of its rows)."""
    vijf = f"'hi' as bron, {_REGIO}, '' as reeks, {_PI_5_DIMENSIE} as dimensie, {_PI_5_CATEGORIE} as categorie"
    pi = f"'pi' as bron, {_REGIO}, aanbieder as reeks"
    teller = "case when maat = 'behaald' then '1|verdeling' else indicator || '|' || maat end as dimensie"
    score = "case when maat = 'behaald' then '2' else categorie end as categorie"
    uit = [
        Telkolom("teller", f"{vijf}, categorie as maat", "indicator = '5'"),
        Telkolom("noemer", f"{vijf}, 'besluiten' as maat", "indicator = '5'"),
        Telkolom("teller", f"{pi}, {teller}, {score}, 'teller' as maat", "indicator <> '5'"),
        Telkolom("noemer", f"{pi}, {_PI_NOEMER} as dimensie, '' as categorie, 'n' as maat", "indicator <> '5'"),
    ]
    if respons:
        wie = "case when maat like '%jeugdige' then '2|twaalf' else 'trajecten' end as dimensie"
        uit += [
            Telkolom("respons_teller", f"{pi}, {_PI_RESPONS} as dimensie, '' as categorie, 'n' as maat"),
            Telkolom("respons_noemer", f"{pi}, {wie}, '' as categorie, 'n' as maat"),
        ]
    return uit


def telkolommen(tabel: str) -> list[Telkolom]:
    """Every count of a table, with the key by which it is known."""
    categorie = "dimensie, categorie"
    if tabel == "stand_stroom":
        basis = f"'ss' as bron, {_REGIO}, soort || '/' || eenheid as reeks, {categorie}"
        return [Telkolom(k, f"{basis}, '{k}' as maat") for k in STROOM]
    if tabel == "duur":
        # the rows of stand_stroom again, with classes
        basis = f"'ss' as bron, {_REGIO}, 'jeugdhulp/trajecten' as reeks, {categorie}"
        return [Telkolom(k, f"{basis}, '{'uitstroom' if k == 'aantal' else k}' as maat") for k in ["aantal", *KLASSEN]]
    if tabel == "herindicaties":
        basis = f"'hi' as bron, {_REGIO}, '' as reeks, {categorie}"
        eerder = basis.replace("verslagperiode as", f"{_jaar_eerder('verslagperiode')} as")
        return [
            *(Telkolom(k, f"{basis}, '{k}' as maat") for k in BESLUITEN),
            Telkolom("herindicaties_jaar_eerder", f"{eerder}, 'herindicaties' as maat"),
        ]
    if tabel == "percentage_in_zorg":
        basis = f"'pz' as bron, {_REGIO}"
        leeg = "'' as dimensie, '' as categorie, 'teller' as maat"
        return [
            Telkolom("teller", f"{basis}, maat as reeks, {leeg}"),
            Telkolom("noemer", f"{basis}, 'jeugdhulp' as reeks, {leeg}", "maat = 'jeugdhulp_verblijf'"),
        ]
    if tabel == "doelstelling":
        pz = f"'pz' as bron, {_REGIO}"
        hi = f"'hi' as bron, {_REGIO}, '' as reeks, 'verwijzer' as dimensie, split_part(maat, ' ', 3) as categorie"
        leeg = "'' as dimensie, '' as categorie, 'teller' as maat"
        basis = hi.replace("verslagperiode as", "basis as")
        her = "maat like 'herindicaties %'"
        return [
            Telkolom("aantal", f"{pz}, maat as reeks, {leeg}", f"not {her}"),
            Telkolom("noemer", f"{pz}, 'jeugdhulp' as reeks, {leeg}", "maat = 'jeugdhulp_verblijf'"),
            Telkolom("aantal", f"{hi}, 'herindicaties' as maat", her),
            Telkolom("noemer", f"{basis}, 'herindicaties' as maat", her),
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
    soort: str = "percentage"  # or wilson, verandering, scores: see SOORTEN
    waar: str = "true"


# A percentage; one with its Wilson interval; the change against an earlier number; a mean of counted scores.
SOORTEN = {"percentage": 0, "wilson": 1, "verandering": 2, "scores": 3}

_WILSON = ("waarde", "ondergrens", "bovengrens")
DELINGEN: dict[str, list[Deling]] = {
    "percentage_in_zorg": [Deling(("percentage", "ondergrens", "bovengrens"), "teller", "noemer", "wilson")],
    "prestatie_indicatoren": [
        Deling(_WILSON, "teller", "noemer", "wilson", "teller is not null"),
        Deling(_WILSON, "noemer", "noemer", "scores", "indicator = '1' and maat = 'gemiddelde'"),
    ],
    "herindicaties": [
        Deling(("percentage",), "herindicaties", "besluiten"),
        Deling(("verandering",), "herindicaties", "herindicaties_jaar_eerder", "verandering"),
    ],
    # what is printed there stands in prestatie_indicatoren as well, but without the interval
    "vergelijking": [
        Deling(("waarde",), "teller", "noemer", "wilson", "teller is not null"),
        Deling(("waarde",), "noemer", "noemer", "scores", "indicator = '1' and maat = 'gemiddelde'"),
    ],
    "doelstelling": [
        Deling(("waarde",), "aantal", "noemer", "percentage", "maat not like 'herindicaties %'"),
        Deling(("waarde",), "aantal", "noemer", "verandering", "maat like 'herindicaties %'"),
    ],
}
# columns of vergelijking that show a number of another row
VAN_ELDERS = ("provincie_waarde", "respons_percentage")
# every column that can be hidden because of another number, as a bit: what is hidden in a row is one number
BIT = {
    kolom: 1 << i
    for i, kolom in enumerate(
        sorted(
            {t.kolom for tabel in RIJSLEUTEL for t in telkolommen(tabel)}
            | {d.kolommen[0] for delingen in DELINGEN.values() for d in delingen}
            | {*VAN_ELDERS}
        )
    )
}
# Means, and the count they are of: shown with the count, never without it.
GEMIDDELDEN: dict[str, tuple[tuple[str, ...], str]] = {
    "duur": (("gemiddelde_dagen", "mediaan_dagen"), "aantal"),
    "prestatie_indicatoren": (_WILSON, "noemer"),
    "vergelijking": (("waarde", "provincie_waarde"), "noemer"),
}


_JAAR = "case when c.periode like '%JJ' then -1 else 1 end"
# dimensions in which a jeugdige is counted once
_PERSOON = "c.dimensie in ('totaal', 'geslacht', 'leeftijdsgroep')"
# what there is per wijk
OP_WIJK = f"(c.bron = 'pz' or (c.bron = 'ss' and ({_PERSOON} or c.dimensie = 'hulpvormgroep')))"

# --- the equations ---------------------------------------------------------------------------------------------------

# a jeugdige counts at every aanbieder, and once over all
_OVERLAP = "('3|jeugdigen', '3|reden', '6|kader', '6|noemer|kader', '6|geen_vervolg')"
_IND = "c.periode, c.niveau, c.regio, c.dimensie, c.categorie, c.maat"
_VAN_TRAJECT = "('totaal', 'hulpvorm', 'hulpvormgroep', 'verwijzer', 'perspectief', 'aanbieder', 'type_maatregel')"


def _per_rij(naam: str, termen: dict[str, int], waar: str) -> str:
    """sum of coef × measure = 0 within one row (all of the key but maat)."""
    tekens = " ".join(f"when '{m}' then {t}" for m, t in termen.items())
    sleutel = ", ".join(f"c.{k}" for k in SLEUTEL if k != "maat")
    namen = ", ".join(f"'{m}'" for m in termen)
    return (
        f"select hash('{naam}', {sleutel}) as con, c.id, case c.maat {tekens} end as coef"
        f" from cel as c where c.maat in ({namen}) and {waar}"
    )


def vergelijkingen() -> dict[str, str]:
    """Every family of equations as SQL giving (con, id, coef): the coefficients of an equation sum its cells to zero."""
    zonder = {k: [f"c.{s}" for s in SLEUTEL if s != k] for k in SLEUTEL}
    regio = [f"c.{k}" for k in SLEUTEL if k not in ("niveau", "regio")]
    uit: dict[str, str] = {}
    uit["regio"] = (
        f"select hash('regio', o.ouder_niveau, o.ouder, o.kind_niveau, {', '.join(regio)}) as con, c.id, 1 as coef"
        " from cel as c join ouder as o on c.periode = o.periode and c.niveau = o.kind_niveau and c.regio = o.kind"
        " where o.kind_niveau <> 'wijk'"
        f" union all select distinct hash('regio', o.ouder_niveau, o.ouder, o.kind_niveau, {', '.join(regio)}), c.id, -1"
        " from cel as c join (select distinct periode, ouder_niveau, ouder, kind_niveau from ouder) as o"
        " on c.periode = o.periode and c.niveau = o.ouder_niveau and c.regio = o.ouder where o.kind_niveau <> 'wijk'"
    )
    # a dimension adds up where nobody is counted in two categories
    opgeteld = (
        "(c.bron = 'hi' or (c.bron = 'ss' and"
        " (c.reeks like '%/trajecten' or c.dimensie in ('geslacht', 'leeftijdsgroep'))))"
    )
    uit["dimensie"] = (
        f"select hash('dimensie', {', '.join(zonder['categorie'])}) as con, c.id, 1 as coef from cel as c"
        f" where c.dimensie <> 'totaal' and {opgeteld}"
        f" union all select hash('dimensie', {', '.join(zonder['categorie']).replace('c.dimensie', 'd.dimensie')}), c.id, -1"
        " from cel as c join (select distinct bron, periode, niveau, regio, reeks, maat, c.dimensie from cel as c"
        f" where c.dimensie <> 'totaal' and {opgeteld}) as d"
        " on (c.bron, c.periode, c.niveau, c.regio, c.reeks, c.maat)"
        " = (d.bron, d.periode, d.niveau, d.regio, d.reeks, d.maat) where c.dimensie = 'totaal'"
    )
    zonder_dc = [f"c.{k}" for k in SLEUTEL if k not in ("dimensie", "categorie")]
    uit["hulpvormgroep"] = (
        f"select hash('hulpvormgroep', h.groep, {', '.join(zonder_dc)}) as con, c.id, 1 as coef"
        " from cel as c join code_hulpvorm as h on c.categorie = h.code"
        " where c.bron = 'ss' and c.dimensie = 'hulpvorm' and c.reeks like '%/trajecten'"
        f" union all select hash('hulpvormgroep', c.categorie, {', '.join(zonder_dc)}), c.id, -1 from cel as c"
        " where c.bron = 'ss' and c.dimensie = 'hulpvormgroep' and c.reeks like '%/trajecten' and c.niveau <> 'wijk'"
    )
    stroom = {"beginstand": 1, "instroom": 1, "uitstroom": -1, "eindstand": -1}
    per_stroom = "c.bron = 'ss'"
    uit["stroom"] = _per_rij(
        "stroom",
        stroom,
        f"{per_stroom} and (c.reeks like '%/trajecten' or {_PERSOON})",
    )
    uit["in_periode"] = _per_rij(
        "in_periode", {"beginstand": 1, "instroom": 1, "in_periode": -1}, f"{per_stroom} and c.reeks like '%/trajecten'"
    )
    uit["eind_uit"] = _per_rij(  # the two above together: what subtraction sees at once
        "eind_uit", {"eindstand": 1, "uitstroom": 1, "in_periode": -1}, f"{per_stroom} and c.reeks like '%/trajecten'"
    )
    uit["instroom"] = _per_rij(
        "instroom",
        {"instroom_nieuw": 1, "instroom_herhaald": 1, "instroom_aansluitend": 1, "instroom": -1},
        f"{per_stroom} and c.reeks like 'jeugdhulp/%' and (c.reeks like '%/trajecten' or {_PERSOON})",
    )
    uit["duur"] = _per_rij("duur", dict.fromkeys(KLASSEN, 1) | {"uitstroom": -1}, "c.reeks = 'jeugdhulp/trajecten'")
    uit["soort"] = _per_rij("soort", dict.fromkeys(BESLUITEN[1:5], 1) | {"besluiten": -1}, "c.bron = 'hi'")
    uit["herindicaties"] = _per_rij(
        "herindicaties", {"vervolg_planmatig": 1, "vervolg_niet_planmatig": 1, "herindicaties": -1}, "c.bron = 'hi'"
    )
    # over all regions of a level: what ends one half-year begins the next, and two halves make the year
    niveau = "c.niveau, c.reeks, c.dimensie, c.categorie"
    traject = (
        f"c.bron = 'ss' and ((c.reeks like '%/trajecten' and c.dimensie in {_VAN_TRAJECT}) or c.dimensie = 'totaal')"
        " and c.niveau in ('provincie', 'gemeente')"
    )
    volgende = (
        "case c.periode[5:6] when 'H1' then c.periode[1:4] || 'H2'"
        " else cast(cast(c.periode[1:4] as integer) + 1 as varchar) || 'H1' end"
    )
    halfjaren = "(select distinct periode from cel where periode not like '%JJ')"
    uit["volgende"] = (
        f"select hash('volgende', {volgende}, {niveau}) as con, c.id, 1 as coef from cel as c"
        f" where c.maat = 'eindstand' and c.periode not like '%JJ' and {volgende} in {halfjaren} and {traject}"
        f" union all select hash('volgende', c.periode, {niveau}), c.id, -1 from cel as c"
        f" where c.maat = 'beginstand' and c.periode not like '%JJ' and c.periode in"
        f" (select {volgende} from (select distinct periode from cel) as c where c.periode not like '%JJ') and {traject}"
    )
    jaar = "(select distinct periode[1:4] from cel where periode like '%JJ')"
    stromen = ", ".join(f"'{m}'" for m in [*STROOM[1:6], *KLASSEN])
    uit["jaar"] = (
        f"select hash('jaar', c.periode[1:4], c.maat, {niveau}) as con, c.id, {_JAAR} as coef"
        f" from cel as c where c.periode[1:4] in {jaar} and {traject} and (c.maat in ({stromen})"
        " or (c.maat = 'beginstand' and c.periode not like '%H2'))"
    )
    # whoever counts in the second half has the same attributes in the year
    uit["jaareinde"] = (
        f"select hash('jaareinde', c.periode[1:4], c.regio, {niveau}) as con, c.id, {_JAAR} as coef"
        f" from cel as c where c.bron = 'ss' and c.maat = 'eindstand' and c.periode[1:4] in {jaar} and c.periode not like '%H1'"
    )
    uit["besluitjaar"] = (
        f"select hash('besluitjaar', c.periode[1:4], c.regio, c.maat, {niveau}) as con, c.id, {_JAAR} as coef"
        f" from cel as c where c.bron = 'hi' and c.periode[1:4] in {jaar}"
    )
    # percentage in zorg counts the jeugdigen of some ages
    uit["leeftijd"] = (
        "select hash('leeftijd', m.maat, c.periode, c.niveau, c.regio) as con, c.id, 1 as coef from cel as c join"
        " (values ('jeugdhulp', ['0-3', '4-11', '12-17']), ('jeugdbescherming', ['0-3', '4-11', '12-17']),"
        " ('jeugdreclassering', ['12-17', '18-22']), ('jeugdzorg', ['0-3', '4-11', '12-17', '18-22'])) as m(maat, leeftijden)"
        " on c.bron = 'ss' and c.reeks = m.maat || '/jeugdigen' and c.maat = 'in_periode' and c.dimensie = 'leeftijdsgroep'"
        " and list_contains(m.leeftijden, c.categorie)"
        " union all select hash('leeftijd', c.reeks, c.periode, c.niveau, c.regio), c.id, -1 from cel as c"
        " where c.bron = 'pz' and c.reeks in ('jeugdhulp', 'jeugdbescherming', 'jeugdreclassering', 'jeugdzorg')"
    )
    # and with it, what is left of the total: the ages it does not count
    uit["leeftijd_rest"] = (
        "select hash('leeftijd_rest', m.maat, c.periode, c.niveau, c.regio) as con, c.id,"
        " case when c.bron = 'ss' and c.dimensie = 'totaal' then -1 else 1 end as coef from cel as c join"
        " (values ('jeugdhulp', ['18-22', '23+']), ('jeugdbescherming', ['18-22', '23+']),"
        " ('jeugdreclassering', ['0-3', '4-11', '23+']), ('jeugdzorg', ['23+'])) as m(maat, leeftijden)"
        " on (c.bron = 'pz' and c.reeks = m.maat) or (c.bron = 'ss' and c.reeks = m.maat || '/jeugdigen'"
        " and c.maat = 'in_periode'"
        " and (c.dimensie = 'totaal' or (c.dimensie = 'leeftijdsgroep' and list_contains(m.leeftijden, c.categorie))))"
    )
    # prestatie-indicatoren
    geheel = {
        "1|verdeling": "1|doelen", "3|reden": "3|jeugdigen", "6|kader": "6|noemer|kader",
        "6|zz_verloop": "6|paren|zz", "6|uz_verloop": "6|paren|uz",
    }  # fmt: skip
    paren = ", ".join(f"('{d}', '{n}')" for d, n in geheel.items())
    pi = "c.periode, c.niveau, c.regio, c.reeks"
    uit["verdeling"] = (
        f"select hash('verdeling', g.n, {pi}) as con, c.id, 1 as coef from cel as c join (values {paren}) as g(d, n)"
        " on c.bron = 'pi' and c.maat = 'teller' and c.dimensie = g.d"
        f" union all select hash('verdeling', g.n, {pi}), c.id, -1 from cel as c join (values {paren}) as g(d, n)"
        " on c.bron = 'pi' and c.maat = 'n' and c.dimensie = g.n"
    )
    uit["klasse"] = (
        f"select hash('klasse', split_part(c.categorie, ':', 1), {pi}) as con, c.id, 1 as coef from cel as c"
        " where c.bron = 'pi' and c.dimensie = '4|klasse'"
        f" union all select hash('klasse', split_part(c.dimensie, '|', 3), {pi}), c.id, -1 from cel as c"
        " where c.bron = 'pi' and c.dimensie in ('4|paren|fj', '4|paren|ko')"
    )
    uit["deels"] = (
        f"select hash('deels', {pi}) as con, c.id, case when c.dimensie = '1|verdeling' then 1 else -1 end as coef"
        " from cel as c"
        " where c.bron = 'pi' and (c.dimensie = '1|deels_of_geheel' "
        " or (c.dimensie = '1|verdeling' and c.categorie in ('1', '2')))"
    )
    uit["vervolg"] = (
        f"select hash('vervolg', {pi}) as con, c.id, case when c.dimensie = '3|jeugdigen' then -1 else 1 end as coef"
        " from cel as c"
        " where c.bron = 'pi' and c.dimensie in ('3|jeugdigen', '6|noemer|kader', '6|geen_vervolg')"
        # of the newest periods it is not known yet what follows
        " and c.periode in (select periode from cel where bron = 'pi' and dimensie in ('6|noemer|kader', '6|geen_vervolg'))"
    )
    uit["maatregel"] = (
        f"select hash('maatregel', c.maat, {pi}) as con, c.id, case when"
        " c.categorie = 'totaal' or c.dimensie = '7|noemer|totaal'"
        " then -1 else 1 end as coef from cel as c where c.bron = 'pi'"
        " and (c.dimensie like '7|noemer|%' or c.dimensie = '7|niet_meer_nodig')"
    )
    uit["aanbieder"] = (
        f"select hash('aanbieder', {_IND}) as con, c.id, case when c.reeks = 'alle' then -1 else 1 end as coef"
        " from cel as c"
        f" where c.bron = 'pi' and c.dimensie not in {_OVERLAP}"
    )
    return uit


def ongelijkheden() -> dict[str, str]:
    """Families whose coefficients sum to at least zero: the difference is a number nobody publishes."""
    uit: dict[str, str] = {}
    # a jeugdige whose last traject at an aanbieder ended counts there, and once over all
    uit["aanbieder_overlap"] = (
        f"select hash('aanbieder_overlap', {_IND}) as con, c.id, case when c.reeks = 'alle' then -1 else 1 end as coef"
        " from cel as c"
        f" where c.bron = 'pi' and c.dimensie in {_OVERLAP}"
    )
    uit["in_periode_jeugdigen"] = _per_rij(
        "in_periode_jeugdigen",
        {"beginstand": 1, "instroom": 1, "in_periode": -1},
        f"c.bron = 'ss' and c.reeks like '%/jeugdigen' and {_PERSOON}",
    )
    # a jeugdige may have several hulpvormen: together at least the total
    meer = "c.bron = 'ss' and c.reeks like '%/jeugdigen' and c.maat = 'in_periode'"
    kolommen = "c.periode, c.niveau, c.regio, c.reeks"
    uit["dimensie_overlap"] = (
        f"select hash('dimensie_overlap', {kolommen}, c.dimensie) as con, c.id, 1 as coef from cel as c"
        f" where {meer} and not {_PERSOON}"
        f" union all select hash('dimensie_overlap', {kolommen}, d.dimensie), c.id, -1 from cel as c join"
        f" (select distinct periode, niveau, regio, reeks, dimensie from cel as c where {meer} and not {_PERSOON}) as d"
        f" on (c.periode, c.niveau, c.regio, c.reeks) = (d.periode, d.niveau, d.regio, d.reeks)"
        f" where {meer} and c.dimensie = 'totaal'"
    )
    return uit
