"""The page of the feedback: one overview to self-contained HTML. All text is escaped; what it says is decided elsewhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from pipelines.getallen import getal
from pipelines.quality.terugkoppeling import BALK, BALK_GRENS, Overzicht
from pipelines.quality.terugkoppeling_teksten import ERNST_UITLEG, aantal, procent
from pipelines.sjablonen import sjablonen

SJABLOON = "terugkoppeling.html.j2"
MERK = re.compile(rb'<meta name="vingerafdruk" content="([0-9a-f-]+) ([0-9a-f-]+)">')


def pagina(overzicht: Overzicht, aanbod: str, inhoud: str) -> str:
    """The page as text; the two fingerprints go into its head, where ``vingerafdrukken`` finds them."""
    return _sjabloon().render(o=overzicht, aanbod=aanbod, inhoud=inhoud)


def vingerafdrukken(pad: Path) -> tuple[str, str]:
    """What a page on disk was made from: fingerprints of what was offered and of all it tells; empty if there is none."""
    try:
        with pad.open("rb") as bestand:
            gevonden = MERK.search(bestand.read(512))
    except FileNotFoundError:
        return "", ""
    return (gevonden[1].decode(), gevonden[2].decode()) if gevonden else ("", "")


@cache
def _sjabloon() -> jinja2.Template:
    omgeving = sjablonen(Path(__file__).parent, getal=getal, procent=procent, aantal=aantal, breekbaar=_breekbaar)
    omgeving.globals |= {"ERNST_UITLEG": ERNST_UITLEG, "BALK": BALK, "BALK_GRENS": BALK_GRENS}
    return omgeving.get_template(SJABLOON)


def _breekbaar(naam: str) -> Markup:
    """A file or column name, escaped, that a narrow screen may break after an underscore."""
    return Markup(re.sub(r"(_+)(?=[^_])", r"\1<wbr>", str(escape(naam))))
