"""Telling who must know how a refresh ended: e-mail and a command, both off by default. No personal data."""

from __future__ import annotations

import logging
import os
import shlex
import smtplib
import subprocess
from email.message import EmailMessage

from pipelines.refresh import Verversing
from pipelines.settings import Melding

log = logging.getLogger(__name__)


def bericht(v: Verversing) -> tuple[str, str, str]:
    """How the refresh ended (uitgegeven, geblokkeerd, afgebroken), the subject and the text, in Dutch."""
    if v.release is not None:
        uitkomst, onderwerp = "uitgegeven", f"Jeugdmonitor: release {v.release.name} is uitgegeven"
        regels = [f"Release {v.release.name} is uitgegeven en staat in {v.home.current}."]
    elif v.blokkades():
        uitkomst, onderwerp = "geblokkeerd", f"Jeugdmonitor: verversing van {v.periode} is geblokkeerd"
        regels = ["Er is niets uitgegeven; de vorige release staat er nog. Wat blokkeert:"]
        regels += [f"- {o.zin}" for o in v.blokkades()]
    else:
        uitkomst, onderwerp = "afgebroken", f"Jeugdmonitor: verversing van {v.periode} is afgebroken"
        regels = ["Er is niets uitgegeven; de vorige release staat er nog. Bekijk de uitvoer van de verversing."]
    signalen = [o for o in v.oordelen if o.status == "gefaald" and o.effect == "signaal"]
    if signalen:
        regels += ["", "Signalen:"] + [f"- {o.zin}" for o in signalen]
    regels += ["", f"Terugkoppeling aan leveranciers: {v.home.feedback}"]
    return uitkomst, onderwerp, "\n".join(regels)


def meld(v: Verversing) -> None:
    """Send what the settings ask for. A failure to tell never changes how the refresh ended; it is logged."""
    instelling = v.settings.melding
    uitkomst, onderwerp, tekst = bericht(v)
    if uitkomst not in instelling.bij:
        return
    if instelling.smtp_host:
        _probeer("e-mail", lambda: _mail(instelling, onderwerp, tekst))
    if instelling.opdracht:
        _probeer("opdracht", lambda: _opdracht(instelling, v, uitkomst, tekst))


def _probeer(wat: str, doe: object) -> None:
    try:
        doe()
    except (OSError, smtplib.SMTPException, subprocess.SubprocessError) as fout:
        log.warning("De melding per %s is mislukt (%s).", wat, type(fout).__name__)


def _mail(m: Melding, onderwerp: str, tekst: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = m.van, ", ".join(m.aan), onderwerp
    mail.set_content(tekst)
    with smtplib.SMTP(m.smtp_host, m.smtp_poort, timeout=m.wachttijd) as server:
        if m.starttls:
            server.starttls()
        if m.gebruiker:
            server.login(m.gebruiker, m.wachtwoord.get_secret_value() if m.wachtwoord else "")
        server.send_message(mail)


def _opdracht(m: Melding, v: Verversing, uitkomst: str, tekst: str) -> None:
    """Run the command with the message on its standard input; the key of the pseudonyms is not passed on."""
    omgeving = {k: w for k, w in os.environ.items() if not k.startswith("JEUGDMONITOR_")}
    omgeving |= {"JEUGDMONITOR_UITKOMST": uitkomst, "JEUGDMONITOR_PERIODE": str(v.periode)}
    omgeving |= {"JEUGDMONITOR_RELEASE": v.release.name if v.release else ""}
    subprocess.run(
        shlex.split(m.opdracht),
        input=tekst,
        text=True,
        env=omgeving,
        timeout=m.wachttijd,
        check=True,
        capture_output=True,
    )
