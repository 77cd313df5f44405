"""A headless Chromium over its debugging pipe: open a page, ask it things, press keys, hear what it complains of. No tests."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAMMA = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
VLAGGEN = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-pipe"),
)


class Blad:
    """One page; ``klachten`` is what came on its console or was asked of the network."""

    def __init__(self, lezen: int, schrijven: int):
        self._van, self._naar = os.fdopen(lezen, "rb"), os.fdopen(schrijven, "wb")
        self._nummer, self._rest, self._sessie = 0, b"", None
        self.klachten: list[str] = []
        doel = self.zeg("Target.createTarget", url="about:blank")["targetId"]
        self._sessie = self.zeg("Target.attachToTarget", targetId=doel, flatten=True)["sessionId"]
        for domein in ("Page", "Runtime", "Log", "Network"):
            self.zeg(f"{domein}.enable")

    def zeg(self, methode: str, **wat: Any) -> dict:
        """Send a command and wait for its answer."""
        self._nummer += 1
        bericht = {"id": self._nummer, "method": methode, "params": wat}
        if self._sessie:
            bericht["sessionId"] = self._sessie
        self._naar.write(json.dumps(bericht).encode() + b"\0")
        self._naar.flush()
        while (antwoord := self._bericht()).get("id") != self._nummer:
            pass
        if "error" in antwoord:
            raise RuntimeError(f"{methode}: {antwoord['error']}")
        return antwoord["result"]

    def _bericht(self) -> dict:
        while b"\0" not in self._rest:
            stuk = self._van.read1(1 << 20)
            if not stuk:
                raise RuntimeError("Chromium stopped")
            self._rest += stuk
        eerste, _, self._rest = self._rest.partition(b"\0")
        bericht = json.loads(eerste)
        naam, wat = bericht.get("method"), bericht.get("params", {})
        if naam == "Runtime.exceptionThrown":
            details = wat["exceptionDetails"]
            self.klachten.append(str(details.get("exception", {}).get("description", details["text"])))
        elif naam == "Log.entryAdded":
            self.klachten.append(wat["entry"]["text"])
        elif naam == "Runtime.consoleAPICalled" and wat["type"] in ("error", "warning"):
            self.klachten.append(str(wat["args"]))
        elif naam == "Network.requestWillBeSent" and not wat["request"]["url"].startswith(("file:", "data:")):
            self.klachten.append(f"request to {wat['request']['url']}")
        return bericht

    def open(self, adres: str, breed: int = 1200) -> None:
        """Load a page at a width and wait until it is there."""
        self.zeg("Emulation.setDeviceMetricsOverride", width=breed, height=900, deviceScaleFactor=1, mobile=False)
        self.zeg("Page.navigate", url="about:blank")  # else only the part after # changes
        self.zeg("Page.navigate", url=adres)
        self.vraag("new Promise(r => document.readyState === 'complete' ? r() : addEventListener('load', r))")

    def vraag(self, script: str) -> Any:
        """The value of an expression on the page; a promise is waited for."""
        uit = self.zeg("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in uit:
            raise RuntimeError(uit["exceptionDetails"]["exception"]["description"])
        return uit["result"].get("value")

    def toets(self, toets: str) -> None:
        """Press a key: ``Tab``, ``Enter``, ``ArrowDown``."""
        code = {"Tab": 9, "Enter": 13, "ArrowDown": 40}[toets]
        tekst = {"text": "\r"} if toets == "Enter" else {}
        for soort in ("keyDown", "keyUp"):
            self.zeg("Input.dispatchKeyEvent", type=soort, key=toets, code=toets, windowsVirtualKeyCode=code, **tekst)

    def foto(self, doel: Path) -> None:
        """A picture of the whole page."""
        data = self.zeg("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        doel.write_bytes(base64.b64decode(data))


@contextmanager
def start(map_: Path) -> Iterator[Blad]:
    """Chromium with a fresh profile in ``map_``."""
    (hier_in, daar_uit), (daar_in, hier_uit) = os.pipe(), os.pipe()

    def pijpen() -> None:
        # Chromium reads from 3 and writes to 4; first out of the way, for the numbers may overlap
        lezen, schrijven = os.dup(daar_in), os.dup(daar_uit)
        while min(lezen, schrijven) < 5:
            lezen, schrijven = os.dup(lezen), os.dup(schrijven)
        os.dup2(lezen, 3)
        os.dup2(schrijven, 4)

    proces = subprocess.Popen(
        [PROGRAMMA, *VLAGGEN, f"--user-data-dir={map_}"],
        preexec_fn=pijpen,
        close_fds=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(daar_in)
    os.close(daar_uit)
    try:
        yield Blad(hier_in, hier_uit)
    finally:
        proces.terminate()
        proces.wait(10)
