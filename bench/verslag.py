"""The report of bench/groei.py: tables, ratios, targets and the plot, all computed from what was measured."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from itertools import pairwise

from bench.uitslagen import lijnen, machine, tabel

STAPPEN = {
    "leveringen": "landing",
    "poort_leveringen": "poort leveringen",
    "monitor": "build (dbt)",
    "publicatie": "publication (disclosure control)",
    "poort_monitor": "poort monitor",
    "release": "release",
}
VERVERSINGEN = {"koud": "cold", "ongewijzigd": "nothing changed", "een_levering": "one levering changed"}
ANDERS = {
    "vloer": "floor: DuckDB `read_csv` to Parquet",
    "pandas": "pandas: landing and stand_stroom",
    "polars": "plain Polars: landing and stand_stroom",
    "postgres": "PostgreSQL: the same dbt models, and loading what was landed",
}
UITLEG = """\
Every phase is a fresh process, measured from outside with all it starts: wall time, CPU (user and system), and the most
memory that was resident at once (sampled {keer} times a second; pages of files that processes share count once). The
leveringen are csv, written by the demo generator, and lie in the page cache. The refresh is that of the command line; its
steps are those of the Dagster job, *start and end* is the rest: Python, Dagster and the models loading, and what is between
the steps. *One levering changed* adds a correction of one middle-sized levering jeugdhulp of the last period. The floor
reads the very same files to typed Parquet, one per feed, and does nothing else. *The build*, beside which the poorten are
set, is dbt and the publication that is made of it."""


def volledig(m: dict) -> bool:
    """Is there enough of a size to report: what lies there, the cold refresh and the floor?"""
    return {"koud", "vloer"} <= set(m["fasen"]) and "feeds" in m and "stappen" in m["fasen"]["koud"]


def goed(m: dict) -> bool:
    """Is there enough to report, and did each refresh that was asked for end well?"""
    return volledig(m) and all(_af(m["fasen"][f]) for f in VERVERSINGEN if f in m["fasen"])


def rijen(m: dict) -> int:
    """Records in all leveringen, as the floor counted them."""
    return sum(f["rijen"] for f in m["feeds"].values())


def stel_op(gemeten: list[dict], opdracht: str, keer: float) -> tuple[str, str]:
    """The section of RESULTS.md, and the plot as SVG."""
    regels = ["## Growth to the size of the country", "", f"`{opdracht}`", "", f"{machine()}.", ""]
    regels += [UITLEG.format(keer=f"{keer:.0f}"), "", "![time and memory against records](groei.svg)", ""]
    regels += ["### Targets", "", *_doelen(gemeten), ""]
    for m in gemeten:
        regels += _omvang(m)
    if len(gemeten) > 1 and all(_af(m["fasen"]["koud"]) for m in gemeten):
        regels += ["### Growth between sizes", "", *_groei(gemeten), ""]
    if "vragen" in gemeten[-1]:
        regels += [f"### Ready queries, size {gemeten[-1]['omvang']:g}", "", *_vragen(gemeten[-1]), ""]
    return "\n".join(regels).rstrip(), _plaatje(gemeten)


# --- one size --------------------------------------------------------------------------------------------------------


def _omvang(m: dict) -> list[str]:
    geleverd = m["leveringen"]
    per_feed = ", ".join(f"{naam} {_n(f['rijen'])}" for naam, f in m["feeds"].items() if f["rijen"])
    jeugdigen = f"; {_n(m['jeugdigen'])} jeugdigen in zorg in the last half-year" if "jeugdigen" in m else ""
    gelezen = ", ".join(
        f"{naam}: {_n(m['fasen'][fase]['gelezen'])}"
        for fase, naam in VERVERSINGEN.items()
        if m["fasen"].get(fase, {}).get("gelezen") is not None
    )
    return [
        f"### Size {m['omvang']:g}",
        "",
        f"{_n(geleverd['gemeenten'])} gemeenten, {_n(geleverd['aanbieders'])} aanbieders, {m['halfjaren']} half-years: "
        f"{_n(geleverd['bestanden'])} leveringen with {_n(rijen(m))} records ({per_feed}){jeugdigen}. Written in "
        f"{_s(geleverd['seconden'])} s with {_mib(geleverd['piek'])} MiB. Measured {m['moment']} at {m['versie']}; "
        f"load average {m['belasting']:.1f} just before." + _later(m.get("later")),
        "",
        *_stappentabel(m),
        "",
        f"Files that the landing read: {gelezen}." + (_poorten(m) if _af(m["fasen"]["koud"]) else ""),
        "",
        *_naast(m),
        "",
        *_postgres(m["fasen"].get("postgres", {})),
        *tabel(("bytes", "MiB"), [(naam, _mib(n)) for naam, n in _grootte(m)]),
        "",
    ]


def _later(run: dict | None) -> str:
    """About a run after the one that is shown, which did not end well."""
    if run is None:
        return ""
    mis = [(f, run["fasen"][f]) for f in VERVERSINGEN if run["fasen"].get(f, {}).get("code")]
    hoe = [f"{VERVERSINGEN[naam]}, exit code {f['code']} after {_s(f['seconden'])} s" for naam, f in mis]
    return f" **A later run ({run.get('moment')}, at {run.get('versie')}) did not end well: {'; '.join(hoe) or 'stopped'}.**"


def _grootte(m: dict) -> Iterator[tuple[str, int]]:
    yield "leveringen", m["leveringen"]["bytes"]
    yield from m["bytes"].items()


def _stappentabel(m: dict) -> list[str]:
    fasen = {f: m["fasen"][f] for f in VERVERSINGEN if "stappen" in m["fasen"].get(f, {})}
    kop = ["refresh", *(f"{VERVERSINGEN[f]}: {wat}" for f in fasen for wat in ("s", "CPU s", "MiB"))]

    def cellen(per_fase: Iterator[dict | None]) -> list[str]:
        return [c for d in per_fase for c in ((_s(d["seconden"]), _s(d["cpu"]), _mib(d["piek"])) if d else ("–",) * 3)]

    regels = [[naam, *cellen(f["stappen"].get(stap) for f in fasen.values())] for stap, naam in STAPPEN.items()]
    rest = []
    for f in fasen.values():
        over = [f[wat] - sum(s[wat] for s in f["stappen"].values()) for wat in ("seconden", "cpu")]
        rest += [_s(over[0]), _s(over[1]), ""]
    regels.append(["start and end", *rest])
    regels.append(["**whole**", *(f"**{c}**" for c in cellen(iter(fasen.values())))])
    mislukt = [
        f"{VERVERSINGEN[fase]}: exit code {f['code']}, so what comes after the step that stopped it is missing."
        for fase, f in fasen.items()
        if f["code"]
    ]
    return [*tabel(kop, regels), *(["", *mislukt] if mislukt else [])]


def _naast(m: dict) -> list[str]:
    """Everything beside the floor; a part that printed its own time has no CPU of its own."""
    vloer = m["fasen"]["vloer"]
    regels = [_verhouding(f"refresh, {naam}", m["fasen"].get(fase), vloer) for fase, naam in VERVERSINGEN.items()]
    regels.insert(1, _verhouding("refresh, cold: the landing only", m["fasen"]["koud"]["stappen"]["leveringen"], vloer))
    for fase, naam in ANDERS.items():
        gemeten = m["fasen"].get(fase)
        regels.append(_verhouding(naam, gemeten, vloer))
        for deel in (gemeten or {}).get("delen", []):
            piek = _mib(deel["piek_bytes"]) if "piek_bytes" in deel else "–"
            regels.append([f"· {deel['stap']}, by its own clock", _s(deel["seconden"]), "–", piek, "–", "–"])
    return tabel(("beside the floor", "s", "CPU s", "MiB", "× floor: time", "× floor: memory"), regels)


def _postgres(p: dict) -> list[str]:
    """How much of the dbt project PostgreSQL could run, and what stopped the rest."""
    if "modellen" not in p:
        return []
    herschreven = ", ".join(f"`{naam}` ({aantal} ×)" for naam, aantal in p["herschreven"].items())
    zelfde = ""
    if (anders := p.get("anders")) is not None:
        zelfde = f"; **other rows in {', '.join(anders)}**" if anders else "; dwh and monitor have the same rows"
    regels = [
        f"PostgreSQL {p['versie']} built {p['modellen']} of {p['alle']} models, after rewriting in a copy: {herschreven}"
        f"{zelfde}.",
        *(f"* stopped at {' '.join(fout.split())[:300]}" for fout in p["mislukt"]),
    ]
    return [*regels, ""]


def _verhouding(naam: str, gemeten: dict | None, vloer: dict) -> list[str]:
    if gemeten is None or "seconden" not in gemeten:
        return [f"{naam} ({(gemeten or {}).get('gestopt', 'not measured')})", *("–",) * 5]
    waarom = gemeten.get("gestopt") or (f"exit code {gemeten['code']}" if gemeten.get("code") else "")
    return [
        f"{naam} ({waarom})" if waarom else naam,
        _s(gemeten["seconden"]),
        _s(gemeten["cpu"]),
        _mib(gemeten["piek"]),
        f"{gemeten['seconden'] / vloer['seconden']:.1f}",
        f"{gemeten['piek'] / vloer['piek']:.1f}",
    ]


def _deel_poorten(m: dict, build: tuple[str, ...] = ("monitor", "publicatie")) -> float:
    """Time of the poorten in that of all that is built before they judge it, in the cold refresh."""

    def duur(stappen: tuple[str, ...]) -> float:
        return sum(m["fasen"]["koud"]["stappen"][s]["seconden"] for s in stappen)

    return duur(("poort_leveringen", "poort_monitor")) / duur(build)


def _poorten(m: dict) -> str:
    return f" The poorten took {_deel_poorten(m):.0%} of the build, {_deel_poorten(m, ('monitor',)):.0%} of dbt alone."


# --- all sizes -------------------------------------------------------------------------------------------------------


def _doelen(gemeten: list[dict]) -> list[str]:
    """Each target with what was measured at the largest size; met or missed is computed, and unknown when not measured.

    One levering changed: at the largest size of which it was not left out.
    """
    m = gemeten[-1]
    koud, vloer = (m["fasen"][f] for f in ("koud", "vloer"))
    grens = 10 * vloer["seconden"] + 30
    alle = [t for lijst in m.get("vragen", {}).values() for t in lijst]
    heel = koud["code"] == 0
    anders = next((g for g in reversed(gemeten) if "een_levering" in g["fasen"]), m)
    waar = "" if anders is m else f" (size {anders['omvang']:g})"
    duren = [anders["fasen"][f]["seconden"] for f in ("een_levering", "koud") if _af(anders["fasen"].get(f))]
    poorten = _deel_poorten(m) if heel else None
    heel_gemeten = [g for g in gemeten if _af(g["fasen"]["koud"])]
    groei = max((_maal(a, b, "piek") / (rijen(b) / rijen(a)) for a, b in pairwise(heel_gemeten)), default=None)
    eisen = [
        (
            f"cold refresh at most 10 × the floor + 30 s = {_s(grens)} s",
            koud["seconden"] if heel else None,
            grens,
            lambda w: f"{_s(w)} s",
        ),
        ("peak memory under 6 GiB", koud["piek"] if heel else None, 6 * 2**30, lambda w: f"{w / 2**30:.2f} GiB"),
        ("peak memory grows no faster than the records", groei, 1, lambda w: f"{w:.2f} × as fast, at most"),
        (
            f"one levering changed: under a third of the cold refresh{waar}",
            duren[0] / duren[1] if len(duren) == 2 else None,
            1 / 3,
            lambda w: f"{w:.0%}",
        ),
        ("poorten at most 20 % of the build", poorten, 0.2, lambda w: f"{w:.0%}"),
        (
            "ready queries: median under 50 ms",
            statistics.median(alle) if alle else None,
            0.05,
            lambda w: f"{1000 * w:.0f} ms",
        ),
        ("ready queries: worst under 500 ms", max(alle, default=None), 0.5, lambda w: f"{1000 * w:.0f} ms"),
    ]
    regels = [
        (
            eis,
            "–" if waarde is None else toon(waarde),
            "not measured" if waarde is None else ("met" if waarde <= grens else "**missed**"),
        )
        for eis, waarde, grens, toon in eisen
    ]
    soort = "the country" if m["omvang"] == 37 else "not the country, for which the targets are"
    return [f"At size {m['omvang']:g} ({soort}).", "", *tabel(("target", "measured", ""), regels)]


def _maal(a: dict, b: dict, wat: str) -> float:
    return b["fasen"]["koud"][wat] / a["fasen"]["koud"][wat]


def _groei(gemeten: list[dict]) -> list[str]:
    """The cold refresh per record, whole and by step: a number that stays the same is linear growth."""

    def per_miljoen(fase: dict | None, m: dict) -> str:
        return "–" if fase is None or "seconden" not in fase else _s(1e6 * fase["seconden"] / rijen(m))

    kop = ["cold refresh", *(f"size {m['omvang']:g}" for m in gemeten)]
    koud = [m["fasen"]["koud"] for m in gemeten]
    regels = [
        ["records", *(_n(rijen(m)) for m in gemeten)],
        ["times the records of the size before", "", *(f"{rijen(b) / rijen(a):.1f}" for a, b in pairwise(gemeten))],
        ["times the time", "", *(f"{_maal(a, b, 'seconden'):.1f}" for a, b in pairwise(gemeten))],
        ["times the CPU", "", *(f"{_maal(a, b, 'cpu'):.1f}" for a, b in pairwise(gemeten))],
        ["times the peak memory", "", *(f"{_maal(a, b, 'piek'):.1f}" for a, b in pairwise(gemeten))],
        ["peak memory per record, bytes", *(_n(k["piek"] / rijen(m)) for k, m in zip(koud, gemeten, strict=True))],
        ["s per million records", *(per_miljoen(m["fasen"]["koud"], m) for m in gemeten)],
    ]
    for stap, naam in STAPPEN.items():
        regels.append([f"· {naam}", *(per_miljoen(m["fasen"]["koud"]["stappen"].get(stap), m) for m in gemeten)])
    regels.append(["the floor", *(per_miljoen(m["fasen"]["vloer"], m) for m in gemeten)])
    return tabel(kop, regels)


def _vragen(m: dict) -> list[str]:
    def rij(naam: str, eerste: str, tijden: list[float]) -> tuple[str, ...]:
        return naam, eerste, f"{1000 * statistics.median(tijden):.0f}", f"{1000 * max(tijden):.0f}"

    regels = [rij(naam, f"{1000 * tijden[0]:.0f}", tijden) for naam, tijden in m["vragen"].items()]
    regels.append(rij("**all**", "", [t for tijden in m["vragen"].values() for t in tijden]))
    keren = len(next(iter(m["vragen"].values())))
    return [
        f"Each {keren} times on a connection of its own, rows fetched, opening not counted, the first time counted.",
        "",
        *tabel(("query", "first ms", "median ms", "max ms"), regels),
    ]


def _plaatje(gemeten: list[dict]) -> str:
    """Time and peak memory against records, a line per way."""
    namen = {f"refresh, {naam}": fase for fase, naam in VERVERSINGEN.items()}
    namen |= {naam.split(":")[0]: fase for fase, naam in ANDERS.items() if fase != "postgres"}  # that is one size only

    def reeksen(wat: str, deler: float) -> dict[str, list[tuple[float, float]]]:
        alle = {
            naam: [(rijen(m), m["fasen"][fase][wat] / deler) for m in gemeten if _af(m["fasen"].get(fase))]
            for naam, fase in namen.items()
        }
        return {naam: punten for naam, punten in alle.items() if punten}

    return lijnen([("Time", "s", reeksen("seconden", 1)), ("Peak memory", "MiB", reeksen("piek", 2**20))], "records")


def _af(fase: dict | None) -> bool:
    """Did a phase run to its end?"""
    return fase is not None and "seconden" in fase and not fase.get("gestopt") and fase["code"] == 0


def _n(getal: float) -> str:
    return f"{getal:,.0f}".replace(",", " ")


def _s(seconden: float) -> str:
    return f"{seconden:.1f}" if seconden < 100 else _n(seconden)


def _mib(bytes_: float) -> str:
    return f"{bytes_ / 2**20:.1f}" if bytes_ < 10 * 2**20 else _n(bytes_ / 2**20)
