"""The CBS OData client, v3 and v4: pages, announced count, retries, time-outs. Knows no feed and writes nothing.

Both versions give the same frames of trimmed text: v3 pads its codes with spaces, v4 does not.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

import httpx
import polars as pl
import polars.selectors as cs

from pipelines.cbs.instellingen import CbsInstellingen

log = logging.getLogger(__name__)
logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it logs addresses, and those are settings

MAX_BYTES = 512 * 2**20  # of one answer
MAX_PAGINAS = 10_000
OPNIEUW = {408, 429, *range(500, 600)} - {501}
CODES_SCHEMA = {"code": pl.String, "titel": pl.String, "status": pl.String}
STATUS = {"voorlopig": "voorlopig", "nadervoorlopig": "nader voorlopig", "definitief": "definitief"}


class CbsFout(Exception):
    """The service or its answer is not as it must be; the message is Dutch and says what to do."""


@dataclass(frozen=True)
class Voorwaarde:
    """Keep rows whose ``kolom`` is one of the codes, or begins with one of them."""

    kolom: str
    codes: tuple[str, ...]
    begint: bool = False


@dataclass(frozen=True)
class Tabel:
    """What the service says about a table; ``aantal`` is the number of all its observations, when it tells."""

    titel: str
    gewijzigd: str
    aantal: int | None


@dataclass(frozen=True)
class Waarnemingen:
    """The observations asked for, as text; ``aangekondigd`` is None when the service announced no number."""

    tabel: Tabel
    rijen: pl.DataFrame
    aangekondigd: int | None


class _Tijdelijk(Exception):
    """A failure that may pass: asked again, after ``wacht`` seconds at least."""

    def __init__(self, wat: str, wacht: float = 0):
        super().__init__(wat)
        self.wacht = wacht


class OData:
    """One version of the CBS service. A context manager; every method raises CbsFout."""

    def __init__(self, versie: Literal["v3", "v4"], instellingen: CbsInstellingen):
        self._v3 = versie == "v3"
        self._basis = httpx.URL(instellingen.v3 if self._v3 else instellingen.v4)
        self._instellingen = instellingen
        self._client = httpx.Client(
            timeout=instellingen.timeout_s, headers={"Accept": "application/json, text/plain"}, follow_redirects=False
        )

    def __enter__(self) -> OData:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    # --- what a table has ---------------------------------------------------------------------------------------------

    def tabel(self, tabel: str) -> Tabel:
        """Title, modification date and announced size."""
        deel = "TableInfos" if self._v3 else "Properties"
        antwoord = self._json(self._adres(tabel, deel), f"{tabel}/{deel}")
        rij = antwoord["value"][0] if isinstance(antwoord.get("value"), list) and antwoord["value"] else antwoord
        if not isinstance(rij, dict) or not {"Title", "Modified", "ModificationDate"} & set(rij):
            raise _geen_odata(f"{tabel}/{deel}")
        aantal = rij.get("ObservationCount")
        return Tabel(
            str(rij.get("Title") or "").strip(),
            str(rij.get("Modified") or rij.get("ModificationDate") or ""),
            aantal if isinstance(aantal, int) else None,
        )

    def codes(self, tabel: str, dimensie: str) -> pl.DataFrame:
        """The codes of a dimension: code, titel and status (voorlopig, nader voorlopig, definitief; else null)."""
        deel, sleutel = (dimensie, "Key") if self._v3 else (f"{dimensie}Codes", "Identifier")
        frame = tekst(self._paginas(self._adres(tabel, deel), f"{tabel}/{deel}"))
        _eis(frame, [sleutel, "Title"], f"{tabel}/{deel}")
        leeg = {k: pl.lit(None, pl.String).alias(k) for k in ("Status", "Description") if k not in frame.columns}
        return (
            frame.with_columns(**leeg)
            .select(code=sleutel, titel=pl.col("Title").str.strip_chars("* "), status=_status())
            .cast(CODES_SCHEMA)
        )

    def maten(self, tabel: str) -> list[str]:
        """The measures: names of the columns (v3) or codes (v4)."""
        deel, sleutel = ("DataProperties", "Key") if self._v3 else ("MeasureCodes", "Identifier")
        frame = tekst(self._paginas(self._adres(tabel, deel), f"{tabel}/{deel}"))
        _eis(frame, [sleutel, *(["Type"] if self._v3 else [])], f"{tabel}/{deel}")
        return (frame.filter(pl.col("Type") == "Topic") if self._v3 else frame)[sleutel].to_list()

    def waarnemingen(self, tabel: str, voorwaarden: list[Voorwaarde]) -> Waarnemingen:
        """All observations that meet the conditions; what arrived is held against what was announced, before and after.

        A table that changes meanwhile, or an answer that is not whole, is fetched once more; then it is an error.
        """
        deel = "TypedDataSet" if self._v3 else "Observations"
        vraag, wat = self._filter(voorwaarden), f"{tabel}/{deel}"
        for _ in range(2):
            voor = self._stand(tabel, deel, vraag)
            rijen = self._paginas(self._adres(tabel, deel, vraag), wat, hoogstens=voor[1])
            na = self._stand(tabel, deel, vraag)
            if voor == na and na[1] in (None, len(rijen)):
                return Waarnemingen(na[0], tekst(rijen), na[1])
            log.info("%s: niet volledig of intussen gewijzigd, wordt opnieuw opgehaald", wat)
        if voor != na:
            raise CbsFout(
                f"Tabel {tabel} veranderde terwijl zij werd opgehaald, ook de tweede keer (aangekondigd: eerst "
                f"{voor[1]} waarnemingen, daarna {na[1]}). Er is niets bewaard. Probeer het later opnieuw: het CBS werkt "
                "de tabel bij."
            )
        raise CbsFout(
            f"Het CBS kondigt voor tabel {tabel} {na[1]} waarnemingen aan en levert er {_aantal(rijen, na[1])}. Er is "
            "niets bewaard. Probeer het later opnieuw, of lever de tabel als bestand."
        )

    # --- addresses ----------------------------------------------------------------------------------------------------

    def _adres(self, tabel: str, deel: str, vraag: str = "") -> httpx.URL:
        opties = ["$format=json"] if self._v3 and not deel.endswith("$count") else []
        opties += ["$filter=" + quote(vraag, safe="(),'")] if vraag else []
        return httpx.URL(f"{self._basis}/{tabel}/{deel}" + ("?" + "&".join(opties) if opties else ""))

    def _filter(self, voorwaarden: list[Voorwaarde]) -> str:
        return " and ".join(f"({' or '.join(self._test(v, c) for c in v.codes)})" for v in voorwaarden if v.codes)

    def _test(self, voorwaarde: Voorwaarde, code: str) -> str:
        waarde = "'" + code.replace("'", "''") + "'"
        if voorwaarde.begint:
            return f"startswith({voorwaarde.kolom},{waarde})"
        return f"trim({voorwaarde.kolom}) eq {waarde}" if self._v3 else f"{voorwaarde.kolom} eq {waarde}"

    # --- asking -------------------------------------------------------------------------------------------------------

    def _stand(self, tabel: str, deel: str, vraag: str) -> tuple[Tabel, int | None]:
        """What the service says of the table now, and how many observations it announces for this question."""
        info = self.tabel(tabel)
        antwoord = self._vraag(self._adres(tabel, f"{deel}/$count", vraag), f"{tabel}/{deel}/$count", optioneel=True)
        getal = (antwoord or b"").decode("utf-8-sig", "replace").strip()
        if getal.isascii() and getal.isdigit():
            return info, int(getal)
        return info, None if vraag else info.aantal

    def _paginas(self, url: httpx.URL, wat: str, hoogstens: int | None = None) -> list[dict]:
        """The rows of all pages. Stops early past ``hoogstens``: then the count is wrong anyhow."""
        rijen: list[dict] = []
        gezien: set[str] = set()
        while len(gezien) < MAX_PAGINAS:
            gezien.add(str(url))
            antwoord = self._json(url, wat)
            if not isinstance(antwoord.get("value"), list):
                raise _geen_odata(wat)
            rijen += antwoord["value"]
            link = antwoord.get("odata.nextLink" if self._v3 else "@odata.nextLink")
            if not link or (hoogstens is not None and len(rijen) > hoogstens):
                return rijen
            url = self._vervolg(url, link, wat)
            if str(url) in gezien:
                raise CbsFout(f"Het CBS verwijst bij {wat} steeds naar dezelfde pagina. Probeer het later opnieuw.")
        raise CbsFout(f"Het CBS levert {wat} in meer dan {MAX_PAGINAS} pagina's; het ophalen is gestopt.")

    def _vervolg(self, huidig: httpx.URL, link: object, wat: str) -> httpx.URL:
        """The address of the next page: on the same origin, or refused (plain http on the same host becomes https)."""
        try:
            url = huidig.join(str(link))
        except (httpx.InvalidURL, ValueError):
            raise _geen_odata(wat) from None
        if (url.scheme, url.host, url.port, self._basis.scheme) == ("http", self._basis.host, None, "https"):
            url = url.copy_with(scheme="https", port=self._basis.port)
        if (url.scheme, url.host, url.port) != (self._basis.scheme, self._basis.host, self._basis.port):
            raise CbsFout(
                f"Het antwoord op {wat} verwijst voor de volgende pagina naar een andere dienst. Dat wordt niet gevolgd "
                "en er is niets bewaard. Controleer het adres van het CBS in de instellingen."
            )
        return url

    def _json(self, url: httpx.URL, wat: str) -> dict:
        try:
            inhoud = json.loads(self._vraag(url, wat) or b"")
        except (ValueError, RecursionError):
            raise _geen_odata(wat) from None
        if not isinstance(inhoud, dict):
            raise _geen_odata(wat)
        return inhoud

    def _vraag(self, url: httpx.URL, wat: str, optioneel: bool = False) -> bytes | None:
        """The body of one answer, asked for up to ``pogingen`` times; None when it is optional and not there."""
        inst, reden = self._instellingen, ""
        for poging in range(inst.pogingen):
            try:
                return self._een_keer(url, wat, optioneel)
            except _Tijdelijk as fout:
                reden, wacht = str(fout), max(inst.wachttijd_s * 2**poging, fout.wacht)
                log.info("%s: %s, poging %d van %d", wat, reden, poging + 1, inst.pogingen)
            if poging + 1 < inst.pogingen:
                time.sleep(min(wacht, inst.wachttijd_max_s))
        raise CbsFout(
            f"Het CBS geeft geen antwoord op {wat}: {reden}, {inst.pogingen} keer geprobeerd. Er is niets bewaard. "
            "Probeer het later opnieuw, of werk offline met bestanden."
        )

    def _een_keer(self, url: httpx.URL, wat: str, optioneel: bool) -> bytes | None:
        try:
            status, wacht, inhoud = self._antwoord(url, wat)
        except httpx.TimeoutException:
            raise _Tijdelijk("het antwoord duurt te lang") from None
        except httpx.RequestError:
            raise _Tijdelijk("de verbinding komt niet tot stand of valt weg") from None
        if status == 200:
            return inhoud
        if status in OPNIEUW:
            raise _Tijdelijk(f"de dienst meldt een storing (HTTP {status})", wacht)
        if optioneel:
            return None
        if status == 404:
            raise CbsFout(
                f"Het CBS kent {wat} niet (meer). Controleer het tabelnummer in sources/cbs/tables.yml; hoofdletters "
                "tellen mee."
            )
        raise CbsFout(
            f"Het CBS weigert de vraag naar {wat} (HTTP {status}). Controleer tabel en dimensies in "
            "sources/cbs/tables.yml."
        )

    def _antwoord(self, url: httpx.URL, wat: str) -> tuple[int, float, bytes]:
        """Status, seconds to wait before asking again, and body; the time-out is for the whole of it."""
        uiterste = time.monotonic() + self._instellingen.timeout_s
        delen, grootte = [], 0
        with self._client.stream("GET", url) as antwoord:
            for deel in antwoord.iter_bytes():
                delen.append(deel)
                grootte += len(deel)
                if time.monotonic() > uiterste:
                    raise httpx.ReadTimeout("te traag")
                if grootte > MAX_BYTES:
                    raise CbsFout(f"Het antwoord op {wat} is groter dan {MAX_BYTES >> 20} MB; het ophalen is gestopt.")
        na = antwoord.headers.get("retry-after", "")
        return antwoord.status_code, float(na) if na.isascii() and na.isdigit() else 0, b"".join(delen)


def tekst(rijen: list[dict]) -> pl.DataFrame:
    """Rows of JSON as a frame of text without surrounding space; CBS' '.' and empty are null."""
    if not rijen:
        return pl.DataFrame()
    try:
        frame = pl.DataFrame(rijen, infer_schema_length=None, strict=False)
    except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError):
        raise CbsFout("De rijen van het CBS hebben niet de vorm van OData. Probeer het later opnieuw.") from None
    waarde = (cs.all() - cs.nested()).cast(pl.String).str.strip_chars()
    return frame.select(waarde.replace({"": None, ".": None}))


def _status() -> pl.Expr:
    """The status of a period: its own field, else what title (* and **) or description say."""
    ster = pl.col("Title").str.extract(r"(\*{1,2})\s*$").replace({"*": "voorlopig", "**": "nadervoorlopig"})
    woord = pl.col("Description").str.to_lowercase().str.extract(r"(nader voorlopig|voorlopig|definitief)")
    eigen = pl.coalesce(pl.col("Status"), ster, woord).str.to_lowercase().str.replace_all(r"[^a-z]", "")
    return eigen.replace_strict(STATUS, default=None, return_dtype=pl.String).alias("status")


def _eis(frame: pl.DataFrame, kolommen: list[str], wat: str) -> None:
    if any(k not in frame.columns for k in kolommen):
        raise _geen_odata(wat)


def _aantal(rijen: list, aangekondigd: int | None) -> str:
    return "meer" if aangekondigd is not None and len(rijen) > aangekondigd else str(len(rijen))


def _geen_odata(wat: str) -> CbsFout:
    return CbsFout(
        f"Het antwoord op {wat} is geen OData van het CBS. Er is niets bewaard. Controleer het adres van het CBS in de "
        "instellingen, of probeer het later opnieuw."
    )
