"""The life of one home directory: corrections, other settings, two refreshes at once, and readers all the while."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import duckdb

from pipelines.release.families import RIJSLEUTEL

from . import hulp
from .hulp import PERIODE, SLEUTEL, boom, draai, huidige, manifest, vraag
from .lezer import merk

# --- two at once -----------------------------------------------------------------------------------------------------


def test_tweede_verversing_tegelijk_stopt_meteen(leven):
    assert leven.tegelijk.code == hulp.GEBRUIK
    assert "Er loopt al een verversing" in leven.tegelijk.tekst
    assert leven.tegelijk_eerste_liep
    assert leven.onveranderd.uitslag.code == hulp.KLAAR


# --- nothing changed -------------------------------------------------------------------------------------------------


def test_zonder_verandering_komen_dezelfde_cijfers_uit_de_vorige_release(basis, leven):
    assert f"geen enkele rij is veranderd: de cijfers komen van {PERIODE}-r1" in leven.onveranderd.uitslag.tekst
    assert "1 van 1 delen zijn gelijk" in leven.onveranderd.uitslag.tekst
    assert hulp.cijfers(leven.onveranderd.release) == hulp.cijfers(huidige(basis.home))


def test_zonder_verandering_leest_de_poort_de_bestanden_niet_nog_eens(basis, leven):
    """M7 counts them instead: a csv and a Parquet file of each table, but for what names the release."""
    nieuw = leven.onveranderd.release
    sql = f"""select geteld from kwaliteit.uitkomst
              where refresh = '{PERIODE}-002' and regel = 'M7' and object like 'bestanden die gelijk zijn%'"""
    ((geteld,),) = vraag(nieuw, sql)
    eerst, nu = (manifest(r)["bestanden"] for r in (huidige(basis.home), nieuw))
    gelijk = [p for p in nu if p.startswith(("publicatie/csv/", "publicatie/parquet/")) and eerst[p] == nu[p]]
    assert geteld == len(gelijk) >= 2 * len(RIJSLEUTEL)


# --- corrections -----------------------------------------------------------------------------------------------------


def _stand(leven, leverancier):
    return dict(
        vraag(
            leven.bijgewerkt.release,
            "select bestand, (status, code, rijen) from kwaliteit.levering"
            " where feed = 'jeugdhulp' and leverancier = ? and periode = ?",
            parameters=[leverancier, PERIODE],
        )
    )


def test_correctie_vervangt_alles_van_de_vorige_versie(leven):
    assert leven.bijgewerkt.uitslag.code == hulp.KLAAR, leven.bijgewerkt.uitslag.tekst
    c = leven.nagekomen
    stand = _stand(leven, c.vervangen)
    v1, v2 = (stand[f"jeugdhulp__{c.vervangen}__{PERIODE}__v{n}.csv"] for n in (1, 2))
    assert v1[0] == "vervangen"
    assert v2 == ("van_kracht", None, c.rijen[c.vervangen])
    assert v1[2] > v2[2]


def test_wie_niet_meer_geleverd_is_telt_niet_meer(basis, leven):
    persoon = hmac.new(SLEUTEL.encode(), leven.nagekomen.verdwenen_bsn.encode(), hashlib.sha256).hexdigest()[:32]
    sql = "select count(*) from dwh.fct_traject where persoon = ?"
    assert vraag(huidige(basis.home), sql, parameters=[persoon])[0][0] > 0
    assert vraag(leven.bijgewerkt.release, sql, parameters=[persoon]) == [(0,)]


def test_geweigerde_correctie_laat_de_vorige_versie_van_kracht(leven):
    c = leven.nagekomen
    stand = _stand(leven, c.geweigerd)
    v1, v2 = (stand[f"jeugdhulp__{c.geweigerd}__{PERIODE}__v{n}.csv"] for n in (1, 2))
    assert v1 == ("van_kracht", None, c.rijen[c.geweigerd])
    assert v2[:2] == ("geweigerd", "L1")
    regels = hulp.bevindingen(leven.home, c.geweigerd)
    weigering = [r for r in regels if r["bestand"].endswith("__v2.csv") and r["ernst"] == "weigering"]
    assert [(r["rij"], r["code"]) for r in weigering] == [("", "L1")]
    assert sum(r["code"] == "A04" for r in regels) == c.rijen[c.geweigerd]
    assert f"jeugdhulp__{c.geweigerd}__{PERIODE}__v2.csv" in leven.bijgewerkt.uitslag.uit


def test_vervangen_versie_staat_nog_in_de_terugkoppeling(leven):
    per_versie = {r["bestand"][-6:-4] for r in hulp.bevindingen(leven.home, leven.nagekomen.vervangen)}
    assert {"v1", "v2"} <= per_versie


# --- settings --------------------------------------------------------------------------------------------------------


def test_vlag_wint_van_omgeving_en_omgeving_van_bestand(leven):
    stap = leven.ingesteld
    assert stap.uitslag.code == hulp.KLAAR, stap.uitslag.tekst
    assert stap.release.name == f"{PERIODE}-r3"  # home: environment over file; sources: flag over both
    assert sorted(p.name for p in leven.home.parent.iterdir()) == [
        "home",
        "instellingen.yml",
        "nagekomen",
        "stop",
        "zonder_gestopte",
    ]
    instellingen = manifest(stap.release)["instellingen"]
    assert instellingen["onthulling"] == {
        "afronding": 1,
        "kleinste_aantal": 1,
        "kleinste_noemer": 1,
        "mogelijke_waarden": 5,
    }
    assert (instellingen["venster_jaren"], instellingen["min_tussentijd_dagen"]) == (4, 1)


def test_gestopte_leverancier_blokkeert_niet_en_eindigt_op_die_dag(leven):
    release = leven.ingesteld.release
    assert manifest(release)["instellingen"]["gestopt"] == {leven.zonder: "2024-09-30"}
    einden = vraag(
        release,
        "select einde::varchar, count(*) from dwh.fct_traject where aanbieder = ? and einde_bron = 'afgeleid'"
        " and einde > '2024-06-30' group by 1",
        parameters=[leven.zonder],
    )
    assert [dag for dag, _ in einden] == ["2024-09-30"]
    assert einden[0][1] > 20


def test_drempels_van_de_onthulling_zijn_instellingen(leven):
    release = leven.ingesteld.release
    verborgen = "select count(*) from monitor.stand_stroom where celstatus = 'onderdrukt'"
    assert vraag(leven.onveranderd.release, verborgen, "publicatie.duckdb")[0][0] > 100
    assert vraag(release, verborgen, "publicatie.duckdb") == [(0,)]
    for tabel in ("stand_stroom", "percentage_in_zorg", "duur"):
        som = "select count(*), sum({}) from monitor." + tabel
        kolom = {"stand_stroom": "in_periode", "percentage_in_zorg": "teller", "duur": "aantal"}[tabel]
        assert vraag(release, som.format(kolom), "publicatie.duckdb") == vraag(release, som.format(kolom))


# --- what changed ----------------------------------------------------------------------------------------------------


def test_diff_geeft_wat_in_het_revisiebericht_van_de_release_staat(leven, tmp_path):
    def diff(a: int, b: int, *rest: str | Path) -> hulp.Uitslag:
        return draai("diff", f"{PERIODE}-r{a}", f"{PERIODE}-r{b}", "--home", leven.home, *rest, cwd=tmp_path)

    uitslag = diff(3, 4, "--output", tmp_path / "uit")
    assert uitslag.code == hulp.KLAAR
    assert "andere instellingen: gestopt, venster_jaren, onthulling" in " ".join(uitslag.uit.split())
    for naam in ("revisie.csv", "revisie.html"):
        eigen = (tmp_path / "uit" / naam).read_text("utf-8")
        assert eigen == (leven.bijgewerkt.release / "revisie" / naam).read_text("utf-8")
    assert eigen.count("<tr>") > 100
    correctie = f"correctie door leverancier {leven.nagekomen.vervangen}: jeugdhulp over {PERIODE}"
    assert correctie in " ".join(diff(2, 4).uit.split())
    assert "0 waarden veranderd" in diff(1, 2).uit
    (tmp_path / "bestand").touch()
    bezet = diff(1, 2, "--output", tmp_path / "bestand")
    assert bezet.code == hulp.GEBRUIK
    assert "Kies een andere map" in bezet.tekst


# --- readers ---------------------------------------------------------------------------------------------------------


def _merken(leven):
    """What a reader may see: the mark of each release, in order, the same twice counted once."""
    uit = []
    for release in (f"{PERIODE}-r{n}" for n in (1, 2, 3, 4)):
        with duckdb.connect(str(leven.home / "releases" / release / "publicatie.duckdb"), read_only=True) as con:
            if (nu := merk(con)) not in uit:
                uit.append(nu)
    return uit


def test_lezers_zien_steeds_een_hele_release(leven):
    assert len(leven.lezers) == 3
    assert [lezer["fouten"] for lezer in leven.lezers] == [[]] * 3
    merken = _merken(leven)
    assert len(merken) == 3  # r1 and r2 are the same figures
    for lezer in leven.lezers:
        assert lezer["gelezen"] > 50
        if lezer["wijze"] == "los":
            assert lezer["gezien"] == merken  # each release, in order, and nothing in between
        else:
            assert lezer["gezien"] == merken[:1]  # an open connection keeps the release it opened


def test_oude_releases_blijven_onaangeroerd(leven):
    assert boom(leven.home / "releases" / f"{PERIODE}-r1") == leven.eerste_release
    assert [hulp.gebreken(r) for r in sorted((leven.home / "releases").iterdir())] == [[]] * 4


def test_manifest_noemt_elk_bestand_van_de_release(leven):
    assert {r.name: hulp.onvermeld(r) for r in (leven.home / "releases").iterdir()} == {
        f"{PERIODE}-r{n}": [] for n in (1, 2, 3, 4)
    }


def test_geen_stap_laat_iets_achter(leven):
    stappen = (leven.onveranderd, leven.ingesteld, leven.bijgewerkt)
    assert [stap.resten for stap in stappen] == [[], [], []]
