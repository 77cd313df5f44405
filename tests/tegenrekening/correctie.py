"""Corrections of leveringen of a random world: rows that go, persons that move. Makes files; runs nothing."""

from __future__ import annotations

import random
import re
from pathlib import Path

from .wereld import Wereld

FEEDS = ("jeugdhulp", "maatregelen", "indicaties", "doelen", "tevredenheid", "step")
POSTCODE = re.compile(rb"\b94(\d)(\d ?[A-Za-z]{2})\b")
NUMMER = re.compile(rb"\b\d{9}\b")


def corrigeer(w: Wereld, in_force: set[str], overal: bool) -> list[str]:
    """Write a higher volgnr of leveringen that are in force (names of files), of each feed one or two, with one row less or
    one person moved.

    Unless ``overal``, nobody has another row who ever stands in the last gemeente; gives the feeds that are corrected.
    """
    kans = random.Random(w.seed)
    daar = set() if overal else _wie_ooit_in_laatste_gemeente_staat(w)
    uit = []
    for feed in FEEDS:
        paden = [p for p in sorted(w.map.rglob(f"{feed}__*.csv")) if p.name in in_force]
        for pad in kans.sample(paden, min(6, len(paden))):
            kop, *rijen = _regels(pad)
            kan = [nr for nr, rij in enumerate(rijen) if not daar & set(NUMMER.findall(rij)) and NUMMER.search(rij)]
            if not kan or len(rijen) < 3 or uit.count(feed) == 2:
                continue
            nr = kans.choice(kan)
            verhuisd = POSTCODE.sub(rb"940\2", rijen[nr])
            rijen[nr : nr + 1] = [verhuisd] if verhuisd != rijen[nr] and kans.random() < 0.5 else []
            nieuw = pad.with_name("__".join(pad.name.split("__")[:3]) + "__v9.csv")
            nieuw.write_bytes(b"\n".join([kop, *rijen]) + b"\n")
            uit.append(feed)
    return uit


def _wie_ooit_in_laatste_gemeente_staat(w: Wereld) -> set[bytes]:
    """The BSN's in rows with a postcode or code of the last gemeente, or of that gemeente as leverancier."""
    gevonden = [
        (postcode[1], wijk[1])
        for pad in w.map.rglob("cbs_postcodes__*.csv")
        for regel in _regels(pad)
        if (postcode := POSTCODE.search(regel)) and (wijk := re.search(rb"WK(\d{4})", regel))
    ]
    cijfer = max(cijfer for cijfer, _ in gevonden)
    codes = {code for c, code in gevonden if c == cijfer}
    plaats = re.compile(rb"\b94%s\d ?[A-Za-z]{2}\b|\b(%s)\b" % (cijfer, b"|".join(sorted(codes))))
    return {
        nummer
        for feed in FEEDS[:3]
        for pad in w.map.rglob(f"{feed}__*.csv")
        for regel in _regels(pad)
        if plaats.search(regel) or any(f"GM{c.decode()}" in pad.name for c in codes)
        for nummer in NUMMER.findall(regel)
    }


def _regels(pad: Path) -> list[bytes]:
    return [regel for regel in pad.read_bytes().splitlines() if regel.strip()]
