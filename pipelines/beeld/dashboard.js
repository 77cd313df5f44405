// The dashboard: reads the figures in the page, draws what the address after # asks for. No figure is estimated here;
// only the limits of a funnel are drawn from the published value of the provincie and the number of cases.
"use strict";
const D = JSON.parse(document.getElementById("gegevens").textContent);
const TEKEN = { onderdrukt: "×", onvolledig: "…", niet_van_toepassing: "–", geen_levering: "×", waarde: "–" };
const ALLE_NIVEAUS = { provincie: "Provincie", jeugdregio: "Jeugdregio", subregio: "Subregio", gemeente: "Gemeente" };
const REGIO = new Map(D.regios.map(([id, naam, gemeente, provincie, subregio]) => [id, { id, naam, gemeente, provincie, subregio }]));
// lists of [code, name]: an object would put code 11 before 02
const NAAM = { maten: Object.fromEntries(D.maten), verwijzers: Object.fromEntries(D.verwijzers) };
const niveau = (id) => id.split(":")[0];

// --- numbers and elements -------------------------------------------------------------------------------------------
const vorm = [0, 1, 2].map((n) => new Intl.NumberFormat("nl-NL", { minimumFractionDigits: n, maximumFractionDigits: n }));
const getal = (w, n = 0) => (w === null || w === undefined ? null : vorm[n].format(w).replace("-", "−"));
const hoofd = (t) => t[0].toUpperCase() + t.slice(1);
const kort = (q) => `${q.slice(4)} ’${q.slice(2, 4)}`;
const status = (q) => ({ voorlopig: "voorlopig", nader_voorlopig: "nader voorlopig" })[D.status[q]] || "";

function maak(tag, eigenschappen = {}, ...kinderen) {
  const ns = maak.svg.has(tag) ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml";
  const el = document.createElementNS(ns, tag);
  for (const [k, w] of Object.entries(eigenschappen)) {
    if (k.startsWith("on")) el.addEventListener(k.slice(2), w);
    else if (w !== null && w !== undefined && w !== false) el.setAttribute(k, w);
  }
  el.append(...kinderen.flat().filter((k) => k !== null && k !== undefined));
  return el;
}
maak.svg = new Set(["svg", "path", "line", "rect", "circle", "text", "title", "g"]);

// a value of a reeks: number or null, and why it is null
function cel(reeks, sleutel, periode, veld) {
  const rij = (D.reeksen[reeks][sleutel] || [])[D.perioden.indexOf(periode)];
  if (!Array.isArray(rij)) return { w: null, teken: rij ? TEKEN[rij] : "–", status: rij || "niet_van_toepassing" };
  const w = rij[D.velden[reeks].indexOf(veld)];
  const s = rij[rij.length - 1];
  return { w, teken: TEKEN[s], status: s };
}
const toon = (c, n = 0) => (c.w === null ? c.teken : getal(c.w, n));
const reeks = (naam, sleutel, veld) => D.perioden.map((q) => cel(naam, sleutel, q, veld).w);
const band = (regio, maat, q) => {
  const [w, o, b] = ["percentage", "ondergrens", "bovengrens"].map((v) => cel("pct", `${regio}|${maat}`, q, v).w);
  return w === null ? null : [w, o, b];
};
const bijgesteld = (tabel, q, regio) => D.herzien.includes(`${tabel}|${q}|${regio.split(":")[1]}`);

// --- blocks ---------------------------------------------------------------------------------------------------------
function blok(titel, uitleg, ...inhoud) {
  return maak("section", {}, maak("h2", {}, titel), uitleg ? maak("p", { class: "vaal" }, uitleg) : null, ...inhoud);
}

// a table of texts; ``rijen``: [[header, cell, …], class]; text columns by number
function tabel(naam, kop, rijen, tekst = []) {
  return maak("div", { class: "schuif", tabindex: 0, role: "region", "aria-label": naam },
    maak("table", {},
      maak("caption", { class: "sprong" }, naam),
      maak("thead", {}, maak("tr", {}, kop.map((k, i) => maak("th", { scope: "col", class: tekst.includes(i) ? "tekst" : null }, k)))),
      maak("tbody", {}, rijen.map(([rij, klas]) => maak("tr", { class: klas }, rij.map((w, i) =>
        i ? maak("td", { class: tekst.includes(i) ? "tekst" : null }, w) : maak("th", { scope: "row" }, w)))))));
}
const cijfers = (...args) => maak("details", {}, maak("summary", {}, "Cijfers als tabel"), tabel(...args));
const kern = (rijen) => maak("dl", { class: "kern" }, rijen.map(([w, wat, bij]) =>
  maak("div", {}, maak("dt", {}, wat, bij ? maak("span", { class: "vaal" }, ` (${bij})`) : null), maak("dd", {}, w === "×" ? "verborgen" : w))));

// --- charts ---------------------------------------------------------------------------------------------------------
const B = 360;
const streep = (x1, y1, x2, y2, kleur = "var(--lijn)", meer = {}) => maak("line", { x1, y1, x2, y2, stroke: kleur, ...meer });
const tekst = (x, y, t, anker = "start", klas = null) => maak("text", { x, y, "text-anchor": anker, class: klas }, t);
const svg = (hoog, titel, delen) => maak("svg", { viewBox: `0 0 ${B} ${hoog}`, role: "img", "aria-label": titel }, delen);
const inkorten = (t, n) => (t.length > n ? `${t.slice(0, n - 1)}…` : t);

function schaal(hoogste) {
  const ruw = Math.max(hoogste, 1e-9) / 4;
  const orde = 10 ** Math.floor(Math.log10(ruw));
  const stap = [1, 2, 2.5, 5, 10].map((s) => s * orde).find((s) => s >= ruw * 0.9999);
  return [Math.ceil(hoogste / stap - 1e-9) * stap, stap];
}
const stapdecimalen = (stap) => (stap >= 1 && stap % 1 === 0 ? 0 : stap >= 0.1 ? 1 : 2);

function assen(hoogste, hoog, links, rechts) {
  const [top, stap] = schaal(hoogste);
  const y = (w) => hoog - 22 - ((hoog - 32) * w) / top;
  const delen = [];
  for (let w = 0; w <= top * 1.0001; w += stap)
    delen.push(streep(links, y(w), rechts, y(w)), tekst(links - 5, y(w) + 4, getal(w, stapdecimalen(stap)), "end"));
  return [delen, y];
}
function onderas(x, hoog, stapgrootte = 2) {
  const n = D.perioden.length;
  return D.perioden.map((q, i) => ((n - 1 - i) % stapgrootte ? null : tekst(x(i), hoog - 6, kort(q), "middle")));
}

// series: {naam, waarden, banden?, sterk?, stippel?}; a missing value is a gap, marked for the strong series
function lijnen(titel, series, { hoog = 200, doel = null, rechts = 234 } = {}) {
  const links = 38, n = D.perioden.length;
  const alles = series.flatMap((s) => [...s.waarden, ...(s.banden || []).map((b) => b && b[2])]).filter((w) => w !== null);
  const [delen, y] = assen(Math.max(...alles, doel ? doel[0] : 0, 0.1), hoog, links, rechts);
  const x = (i) => links + 12 + (i * (rechts - links - 24)) / Math.max(n - 1, 1);
  delen.push(...onderas(x, hoog));
  const namen = [];
  if (doel) {
    delen.push(streep(links, y(doel[0]), rechts, y(doel[0]), "var(--op)", { "stroke-width": 1.5, "stroke-dasharray": "7 3" }));
    namen.push([y(doel[0]), doel[1], ""]);
  }
  for (const s of series) {
    const kleur = s.sterk ? "var(--inkt)" : "var(--vaal)";
    let pad = "", los = true;
    s.waarden.forEach((w, i) => {
      if (w !== null) pad += `${los ? "M" : "L"}${x(i).toFixed(1)} ${y(w).toFixed(1)}`;
      los = w === null;
      const b = s.banden && s.banden[i];
      if (b && b[1] !== null) delen.push(streep(x(i), y(b[1]), x(i), y(b[2]), kleur));
      if (w === null && s.sterk) delen.push(tekst(x(i), hoog - 25, "×", "middle"));
    });
    delen.push(maak("path", { d: pad, fill: "none", stroke: kleur, "stroke-width": s.sterk ? 2.2 : 1.3, "stroke-dasharray": s.stippel || null }));
    s.waarden.forEach((w, i) => {
      if (w === null) return;
      const open = status(D.perioden[i]);
      delen.push(maak("circle", { cx: x(i), cy: y(w), r: s.sterk ? 3.6 : 2.4, fill: open ? "#fff" : kleur, stroke: kleur, "stroke-width": 1.4 },
        maak("title", {}, `${s.naam}, ${D.perioden[i]} ${open}: ${getal(w, w % 1 ? 1 : 0)}`)));
    });
    const laatste = s.waarden.findLast((w) => w !== null);
    if (laatste !== undefined) namen.push([y(laatste), s.naam, s.sterk ? "sterk" : ""]);
  }
  namen.sort((a, b) => a[0] - b[0]);
  for (let ronde = 0; ronde < 20; ronde++) // push names apart that would overlap
    for (let i = 1; i < namen.length; i++) {
      const tekort = 13 - (namen[i][0] - namen[i - 1][0]);
      if (tekort > 0) { namen[i][0] += tekort / 2; namen[i - 1][0] -= tekort / 2; }
    }
  namen.forEach(([hoogte, naam, klas]) => delen.push(tekst(rechts + 6, Math.min(hoogte, hoog - 20) + 4, inkorten(naam, 16), "start", klas)));
  return svg(hoog, titel, delen);
}

function stapels(titel, onder, boven, namen) {
  const hoog = 200, links = 38, rechts = 270, n = D.perioden.length;
  const som = onder.map((o, i) => (o === null || boven[i] === null ? null : o + boven[i]));
  const [delen, y] = assen(Math.max(...som.filter((s) => s !== null), 1), hoog, links, rechts);
  const stap = (rechts - links) / n, x = (i) => links + (i + 0.5) * stap;
  delen.push(...onderas(x, hoog));
  som.forEach((s, i) => {
    if (s === null) return delen.push(tekst(x(i), hoog - 25, "×", "middle"));
    const vak = (van, tot, fill) => maak("rect", { x: x(i) - stap / 3, width: (stap * 2) / 3, y: y(tot), height: y(van) - y(tot), fill, stroke: "var(--inkt)", "stroke-width": 0.7 });
    delen.push(vak(0, onder[i], "var(--inkt)"), vak(onder[i], s, "var(--band)"));
  });
  const i = som.findLastIndex((s) => s !== null);
  if (i >= 0) {
    const boventekst = y((onder[i] + som[i]) / 2) + 4;
    delen.push(tekst(rechts + 4, boventekst, namen[1]), tekst(rechts + 4, Math.max(y(onder[i] / 2) + 4, boventekst + 14), namen[0], "start", "sterk"));
  }
  return svg(hoog, titel, delen);
}

// a value with its interval per row; a dashed line for the yardstick
function intervallen(titel, rijen, maatstaf, doel) {
  const rij = 19, links = 138, rechts = 330, hoog = 22 + rij * rijen.length + 22;
  const [top, stap] = schaal(Math.max(...rijen.filter((r) => r.b).map((r) => r.b[2]), maatstaf ? maatstaf[0] : 0, doel ? doel[0] : 0, 1));
  const x = (w) => links + ((rechts - links) * w) / top;
  const delen = [];
  for (let w = 0; w <= top * 1.0001; w += stap)
    delen.push(streep(x(w), 18, x(w), hoog - 18), tekst(x(w), hoog - 4, getal(w, stapdecimalen(stap)), "middle"));
  if (maatstaf && maatstaf[0] !== null)
    delen.push(streep(x(maatstaf[0]), 15, x(maatstaf[0]), hoog - 18, "var(--vaal)", { "stroke-dasharray": "4 3" }), tekst(Math.min(x(maatstaf[0]), 310), 10, maatstaf[1], "middle"));
  rijen.forEach((r, i) => {
    const y = 28 + i * rij, kleur = r.zelf ? "var(--inkt)" : "var(--vaal)";
    delen.push(tekst(links - 8, y + 4, inkorten(r.naam, 18), "end", r.zelf ? "sterk" : null));
    if (!r.b) return delen.push(tekst(links + 5, y + 4, "× verborgen"));
    delen.push(r.b[1] === null ? "" : streep(x(r.b[1]), y, x(r.b[2]), y, kleur, { "stroke-width": r.zelf ? 2 : 1 }),
      maak("circle", { cx: x(r.b[0]), cy: y, r: r.zelf ? 4.6 : 3.6, fill: r.zelf ? "var(--inkt)" : "#fff", stroke: kleur },
        maak("title", {}, `${r.naam}: ${getal(r.b[0], 1)} (${getal(r.b[1], 1)} tot ${getal(r.b[2], 1)})`)));
  });
  return svg(hoog, titel, delen);
}

function staven(titel, rijen, n = 0) {
  const rij = 21, links = 166, hoogste = Math.max(...rijen.map((r) => r.c.w || 0), 1e-9);
  return svg(rij * rijen.length + 4, titel, rijen.flatMap((r, i) => {
    const y = 2 + i * rij, lang = (138 * (r.c.w || 0)) / hoogste;
    return [tekst(links - 7, y + 13, inkorten(r.naam, 23), "end"),
      lang ? maak("rect", { x: links, y, width: lang, height: rij - 5, fill: "var(--inkt)" }) : null,
      tekst(links + lang + 5, y + 13, toon(r.c, n), "start", "sterk")];
  }));
}

// value against number of cases; the limits are what chance alone would give around the provincie
function trechter(titel, deel, soort, wie, zelf) {
  const hoog = 300, links = 40, rechts = 345, p = deel.provincie, aandeel = soort === "aandeel", metGrens = aandeel && p !== null;
  const nMax = Math.max(...deel.rijen.map((r) => r[1] || 0), 30) * 1.06;
  const grens = (n, z) => z * Math.sqrt((p * (100 - p)) / n);
  const waarden = deel.rijen.map((r) => r[2]);
  const klem = aandeel ? (w) => Math.min(100, Math.max(0, w)) : (w) => w;
  const top = Math.max(...waarden, p ?? 0, metGrens ? Math.min(100, p + grens(Math.max(nMax / 12, 10), 3.09)) : 0) * 1.06;
  const laagste = aandeel ? 0 : Math.min(...waarden, p ?? 0, 0);
  const [bereik, stap] = schaal(top - laagste);
  const basis = laagste < 0 ? -Math.ceil(-laagste / stap) * stap : 0;
  const y = (w) => hoog - 34 - ((hoog - 48) * (w - basis)) / (bereik || 1), x = (n) => links + ((rechts - links) * n) / nMax;
  const delen = [];
  for (let w = basis; w <= basis + bereik * 1.0001; w += stap) delen.push(streep(links, y(w), rechts, y(w)), tekst(links - 5, y(w) + 4, getal(w, stapdecimalen(stap)), "end"));
  const [, nStap] = schaal(nMax);
  for (let n = 0; n <= nMax; n += nStap) delen.push(tekst(x(n), hoog - 19, getal(n), "middle"));
  delen.push(tekst(rechts, hoog - 4, "aantal waarop het cijfer rust", "end"));
  if (metGrens)
    for (const [z, dash] of [[1.96, "2 3"], [3.09, "7 3"]])
      for (const kant of [-1, 1]) {
        let pad = "";
        for (let k = 1; k <= 80; k++) {
          const n = (nMax * k) / 80, w = klem(p + kant * grens(n, z));
          if (w > basis + bereik) continue;
          pad += `${pad ? "L" : "M"}${x(n).toFixed(1)} ${y(w).toFixed(1)}`;
        }
        delen.push(maak("path", { d: pad, fill: "none", stroke: "var(--vaal)", "stroke-dasharray": dash }));
      }
  if (p !== null) delen.push(streep(links, y(p), rechts, y(p), "var(--inkt)", { "stroke-width": 1.5 }));
  const genoemd = [];
  for (const [id, n, w, oordeel] of deel.rijen) {
    const cx = x(n || 0), cy = y(w), eigen = id === zelf, ver = oordeel.endsWith("_998"), matig = oordeel.endsWith("_95"), hoogr = oordeel.startsWith("boven") ? -1 : 1;
    const kleur = ver ? "var(--op)" : eigen ? "var(--inkt)" : "var(--vaal)";
    const titelEl = maak("title", {}, `${wie(id)}: ${getal(w, 1)} op ${n === null ? "een verborgen aantal" : getal(n)}; ${D.afwijking[oordeel]}`);
    const driehoek = `M${cx - 5} ${cy - hoogr * 4}h10l-5 ${hoogr * 9}z`;
    if (n === null) continue;
    delen.push(oordeel === "lage_respons" ? maak("path", { d: `M${cx - 3} ${cy}h6M${cx} ${cy - 3}v6`, stroke: kleur }, titelEl)
      : ver || matig ? maak("path", { d: driehoek, fill: ver ? kleur : "#fff", stroke: kleur, "stroke-width": 1.3 }, titelEl)
      : maak("circle", { cx, cy, r: eigen ? 5 : 3.6, fill: eigen ? kleur : "#fff", stroke: kleur }, titelEl));
    const vrij = genoemd.every(([gx, gy]) => Math.abs(gy - cy) > 12 || Math.abs(gx - cx) > 100);
    if ((ver || eigen) && vrij) {
      genoemd.push([cx, cy]);
      delen.push(tekst(cx + (cx > 240 ? -8 : 8), cy + 4, inkorten(wie(id), 18), cx > 240 ? "end" : "start", eigen ? "sterk" : null));
    }
  }
  return svg(hoog, titel, delen);
}

const VORMUITLEG = "Punten: 95%-grens, streepjes: 99,8%-grens. ○ binnen de grenzen · △▽ buiten de 95%-grens · ▲▼ buiten de 99,8%-grens · + te weinig gemeten om te vergelijken";

function kaart(maat, q, kies, gekozen) {
  const gemeenten = D.regios.map((r) => r[0]).filter((id) => niveau(id) === "gemeente");
  const waarden = gemeenten.map((id) => cel("pct", `${id}|${maat}`, q, "percentage"));
  const getoond = waarden.map((c) => c.w).filter((w) => w !== null);
  const laag = Math.min(...getoond), spreiding = Math.max(...getoond) - laag || 1;
  const tint = (w) => (w === null ? "#fff" : `hsl(205 45% ${Math.round(93 - (58 * (w - laag)) / spreiding)}%)`);
  const licht = (w) => w !== null && (w - laag) / spreiding > 0.6;
  if (D.grenzen) {
    const vak = (id, i) => maak("path", {
      d: D.grenzen[id.split(":")[1]] || "M0 0", fill: tint(waarden[i].w), stroke: id === gekozen ? "var(--op)" : "#56606a", "stroke-width": id === gekozen ? 3 : 0.8,
      id: `kaart-${id}`, tabindex: 0, role: "button", "aria-pressed": String(id === gekozen), "aria-label": `${REGIO.get(id).naam} ${toon(waarden[i], 1)}`,
      onclick: () => kies(id), onkeydown: (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); kies(id); } },
    }, maak("title", {}, `${REGIO.get(id).naam}: ${toon(waarden[i], 1)}`));
    // the chosen one is drawn last, or its neighbours would cover its edge
    const paden = gemeenten.map(vak).sort((a, b) => (a.getAttribute("aria-pressed") > b.getAttribute("aria-pressed") ? 1 : -1));
    return maak("svg", { viewBox: "-4 -4 408 408", class: "klikbaar", role: "group", "aria-label": "Kaart van gemeenten" }, paden);
  }
  return maak("div", { class: "kaart" }, maak("div", { class: "tegels", role: "group", "aria-label": "Kaart van gemeenten" }, gemeenten.map((id, i) => {
    const [rij, kolom] = D.tegels[id.split(":")[1]];
    return maak("button", { id: `kaart-${id}`, type: "button", style: `grid-row:${rij};grid-column:${kolom};background:${tint(waarden[i].w)};color:${licht(waarden[i].w) ? "#fff" : "#1c2328"}`,
      "aria-pressed": String(id === gekozen), onclick: () => kies(id) }, REGIO.get(id).naam, maak("b", {}, toon(waarden[i], 1)));
  })));
}

// --- the pages ------------------------------------------------------------------------------------------------------
const provincieVan = (id) => `provincie:${REGIO.get(id).provincie}`;
const naamVan = (id) => REGIO.get(id)?.naam ?? id;
function doelLijn(regio, maat) {
  const d = D.doelen.find((r) => `gemeente:${r[0]}` === regio && r[2] === maat);
  return d ? [d[5], `doel ${getal(d[5], d[5] % 1 ? 1 : 0)} %`] : null;
}
function doelen(k) {
  const rijen = D.doelen.filter((r) => `gemeente:${r[0]}` === k.regio && r[3] === k.periode);
  return rijen.length ? blok("Doelen van de gemeente", `Of een doel gehaald is, zegt één halfjaar niet: kijk naar het verloop en de marge. Bron: ${[...new Set(rijen.map((r) => r[8]))].join("; ")}.`,
    tabel("Doelen", ["doel", "nu %", "doel %", "in"], rijen.map((r) => [[r[7] ? `${r[1]} (sinds ${r[7]})` : r[1], r[4] === null ? "×" : getal(r[4], 1), getal(r[5], 1), r[6]]]))) : null;
}
function pctGrafiek(k, maat, extra = {}) {
  const series = [{ naam: naamVan(k.regio), waarden: reeks("pct", `${k.regio}|${maat}`, "percentage"), banden: D.perioden.map((q) => band(k.regio, maat, q)), sterk: true }];
  if (k.naast !== k.regio) series.unshift({ naam: naamVan(k.naast), waarden: reeks("pct", `${k.naast}|${maat}`, "percentage"), stippel: "4 3" });
  return lijnen(`${NAAM.maten[maat]}, ${naamVan(k.regio)}`, series, { doel: doelLijn(k.regio, maat), ...extra });
}
function pctTabel(k, maat) {
  return cijfers(`${NAAM.maten[maat]}, ${naamVan(k.regio)}`, ["halfjaar", "%", "marge", "jongeren", "van", naamVan(k.naast)], D.perioden.map((q) => {
    const s = `${k.regio}|${maat}`, b = band(k.regio, maat, q);
    const merk = [status(q), bijgesteld("percentage_in_zorg", q, k.regio) ? "bijgesteld" : ""].filter(Boolean).join(", ");
    return [[merk ? `${q} (${merk})` : q, toon(cel("pct", s, q, "percentage"), 1), b && b[1] !== null ? `${getal(b[1], 1)}–${getal(b[2], 1)}` : "", toon(cel("pct", s, q, "teller")), toon(cel("pct", s, q, "noemer")), toon(cel("pct", `${k.naast}|${maat}`, q, "percentage"), 1)], q === k.periode ? "zelf" : null];
  }));
}
const STROOM = ["beginstand", "instroom", "uitstroom", "eindstand"];
const indVeld = (k, m, veld, regio = k.regio) => cel("ind", `${regio}|${m}`, k.periode, veld);

const PAGINAS = {
  overzicht: { titel: "Overzicht", kop: (k) => `Jeugdhulp: ${naamVan(k.regio)}`, maak(k) {
    const q = k.periode, s = `${k.regio}|jeugdhulp|jeugdigen|totaal|totaal`, b = band(k.regio, k.maat, q);
    const gemeenten = D.regios.map((r) => r[0]).filter((id) => niveau(id) === "gemeente" && provincieVan(id) === provincieVan(k.regio));
    const rijen = gemeenten.map((id) => ({ naam: naamVan(id), b: band(id, k.maat, q), zelf: id === k.regio })).sort((a, c) => (c.b ? c.b[0] : -1) - (a.b ? a.b[0] : -1) || a.naam.localeCompare(c.naam));
    const prov = provincieVan(k.regio);
    return [kern([
      [b ? `${getal(b[0], 1)} %` : "×", NAAM.maten[k.maat], b && b[1] !== null ? `${getal(b[1], 1)}–${getal(b[2], 1)}` : null],
      [toon(cel("stroom", s, q, "in_periode")), "jongeren met jeugdhulp in het halfjaar"],
      [toon(cel("stroom", s, q, "instroom")), "begonnen", `${toon(cel("stroom", s, q, "instroom_herhaald"))} opnieuw`],
      [toon(cel("stroom", s, q, "uitstroom")), "stopten"]]),
    maak("div", { class: "rooster" },
      blok(`Per gemeente: ${NAAM.maten[k.maat]}, in %`, "Donkerder is hoger. Kies een gemeente om haar cijfers te zien.", kaart(k.maat, q, (id) => naar({ regio: id }), k.regio)),
      blok("Naast elkaar, in %", "Met de marge van het toeval: overlappen twee lijnen, dan kan het verschil toeval zijn.",
        intervallen("Gemeenten naast elkaar", rijen, [cel("pct", `${prov}|${k.maat}`, q, "percentage").w, naamVan(prov)]),
        cijfers("Gemeenten naast elkaar", ["gemeente", "%", "marge", "jongeren", "van"], gemeenten.map((id) => {
          const g = band(id, k.maat, q), t = `${id}|${k.maat}`;
          return [[naamVan(id), toon(cel("pct", t, q, "percentage"), 1), g && g[1] !== null ? `${getal(g[1], 1)}–${getal(g[2], 1)}` : "", toon(cel("pct", t, q, "teller")), toon(cel("pct", t, q, "noemer"))], id === k.regio ? "zelf" : null];
        }))),
      blok(`Verloop: ${NAAM.maten[k.maat]}, in %`, `Een open rondje is voorlopig. Gestippeld: ${naamVan(k.naast)}.`, pctGrafiek(k, k.maat), pctTabel(k, k.maat)),
      blok("Jongeren die met jeugdhulp begonnen", "Herhaald: kreeg in de vijf jaar ervoor al eens jeugdhulp.",
        stapels("Instroom nieuw en herhaald", reeks("stroom", s, "instroom_nieuw"), reeks("stroom", s, "instroom_herhaald"), ["nieuw", "herhaald"])),
      doelen(k))];
  }, keuzes: ["naast", "maat"] },

  verloop: { titel: "Verloop", kop: (k) => `Verloop: ${naamVan(k.regio)}`, maak(k) {
    const s = `${k.regio}|${k.soort}|jeugdigen|totaal|totaal`;
    const wijk = niveau(k.regio) === "wijk";
    const jh = `${k.regio}|jeugdhulp|jeugdigen`;
    return [maak("div", { class: "rooster" }, D.maten.map(([m]) => blok(`${hoofd(NAAM.maten[m])}, in %`, null, pctGrafiek(k, m), pctTabel(k, m)))),
    maak("div", { class: "rooster" },
      blok("Stand en stroom van jongeren", "Begin + erbij − eraf = einde, op afronding na. × is verborgen.",
        lijnen("Stand en stroom", [
          { naam: "einde", waarden: reeks("stroom", s, "eindstand"), sterk: true },
          { naam: "erbij", waarden: reeks("stroom", s, "instroom") },
          { naam: "eraf", waarden: reeks("stroom", s, "uitstroom"), stippel: "4 3" }]),
        tabel("Stand en stroom", ["halfjaar", "begin", "erbij", "eraf", "einde"], D.perioden.map((q) => {
          const merk = [status(q), bijgesteld("stand_stroom", q, k.regio) ? "bijgesteld" : ""].filter(Boolean).join(", ");
          return [[merk ? `${q} (${merk})` : q, ...STROOM.map((v) => toon(cel("stroom", s, q, v)))], q === k.periode ? "zelf" : null];
        }))),
      blok("Jongeren die met jeugdhulp begonnen", "Herhaald: kreeg in de vijf jaar ervoor al eens jeugdhulp.",
        stapels("Instroom nieuw en herhaald", reeks("stroom", `${jh}|totaal|totaal`, "instroom_nieuw"), reeks("stroom", `${jh}|totaal|totaal`, "instroom_herhaald"), ["nieuw", "herhaald"]),
        cijfers("Instroom", ["halfjaar", "erbij", "nieuw", "herhaald"], D.perioden.map((q) => [[q, ...["instroom", "instroom_nieuw", "instroom_herhaald"].map((v) => toon(cel("stroom", `${jh}|totaal|totaal`, q, v)))]])))),
    wijk ? maak("p", { class: "vaal" }, "Hulpvormen en duur worden niet per wijk gepubliceerd: de aantallen zijn te klein.") : maak("div", { class: "rooster" },
      blok(`Jongeren naar hulpvorm, ${k.periode}`, "Een jongere telt bij elke hulpvorm één keer.",
        staven("Jongeren naar hulpvorm", D.hulpvormen.map(([c, naam]) => ({ naam, c: cel("stroom", `${jh}|hulpvorm|${c}`, k.periode, "in_periode") }))),
        cijfers("Jongeren naar hulpvorm", ["hulpvorm", ...D.perioden.slice(-4)], D.hulpvormen.map(([c, naam]) => [[naam, ...D.perioden.slice(-4).map((q) => toon(cel("stroom", `${jh}|hulpvorm|${c}`, q, "in_periode")))]]))),
      blok(`Hoe lang duurde de hulp die eindigde? Mediaan in dagen, ${k.periode}`, "De helft duurde korter, de helft langer.",
        staven("Duur naar hulpvorm", [{ naam: "alle hulp", c: cel("duur", `${k.regio}|totaal|totaal`, k.periode, "mediaan_dagen") }, ...D.hulpvormen.map(([c, naam]) => ({ naam, c: cel("duur", `${k.regio}|hulpvorm|${c}`, k.periode, "mediaan_dagen") }))]),
        cijfers("Duur", ["hulpvorm", "geëindigd", "gemiddeld", "mediaan"], [["alle hulp", "totaal|totaal"], ...D.hulpvormen.map(([c, naam]) => [naam, `hulpvorm|${c}`])].map(([naam, d]) => [[naam, ...["aantal", "gemiddelde_dagen", "mediaan_dagen"].map((v) => toon(cel("duur", `${k.regio}|${d}`, k.periode, v)))]]))))];
  }, keuzes: ["naast", "soort"] },

  wijken: { titel: "Wijken", kop: (k) => `Wijken: ${naamVan(gemeenteVan(k))}`, maak(k) {
    const g = gemeenteVan(k), q = k.periode;
    const wijken = D.regios.map((r) => r[0]).filter((id) => niveau(id) === "wijk" && REGIO.get(id).gemeente === g.split(":")[1]);
    const rijen = wijken.map((id) => ({ id, naam: naamVan(id), b: band(id, k.maat, q), zelf: id === k.regio }));
    const zichtbaar = rijen.filter((r) => r.b && r.b[1] !== null).sort((a, c) => c.b[0] - a.b[0]);
    return [maak("p", {}, `${zichtbaar.length} van de ${wijken.length} wijken hebben genoeg jongeren om een percentage te tonen. Marges van wijken zijn breed: kijk naar meer dan één halfjaar.`),
    maak("div", { class: "rooster" },
      zichtbaar.length ? blok(`${hoofd(NAAM.maten[k.maat])}, in %, ${q}`, "Met de marge van het toeval.", intervallen("Wijken naast elkaar", zichtbaar, [cel("pct", `${g}|${k.maat}`, q, "percentage").w, naamVan(g)])) : null,
      blok("Alle wijken", "Jongeren met jeugdhulp, van alle leeftijden: erbij en eraf in het halfjaar.",
        tabel("Wijken", ["wijk", "%", "marge", "van", "erbij", "eraf", "einde"], rijen.map((r) => {
          const s = `${r.id}|jeugdhulp|jeugdigen|totaal|totaal`, t = `${r.id}|${k.maat}`;
          return [[r.naam, toon(cel("pct", t, q, "percentage"), 1), r.b && r.b[1] !== null ? `${getal(r.b[1], 1)}–${getal(r.b[2], 1)}` : "", toon(cel("pct", t, q, "noemer")), ...["instroom", "uitstroom", "eindstand"].map((v) => toon(cel("stroom", s, q, v)))], r.zelf ? "zelf" : null];
        }))))];
  }, keuzes: ["maat"] },

  verwijzers: { titel: "Verwijzers", kop: (k) => `Verwijzers en herindicaties: ${naamVan(geenWijk(k))}`, maak(k) {
    const r = geenWijk(k), q = k.periode, v = k.verwijzer, s = (c) => `${r}|jeugdhulp|trajecten|verwijzer|${c}`;
    const d = D.doelen.find((x) => `gemeente:${x[0]}` === r && x[2] === `herindicaties verwijzer ${v}` && x[3] === q);
    const basis = d && d[7] ? cel("her", `${r}|verwijzer|${v}`, d[7], "herindicaties").w : null;
    const doel = basis ? [basis * (1 + d[5] / 100), `doel ${d[6]}`] : null;
    const naast = r === k.naast ? [] : [{ naam: naamVan(k.naast), waarden: reeks("her", `${k.naast}|verwijzer|${v}`, "percentage"), stippel: "4 3" }];
    return [maak("div", { class: "rooster" },
      blok(`Nieuwe trajecten naar verwijzer, ${q}`, "Wie stuurde door? Een jongere kan meer dan één traject hebben.",
        staven("Nieuwe trajecten naar verwijzer", D.verwijzers.map(([c, naam]) => ({ naam, c: cel("stroom", s(c), q, "instroom") }))),
        cijfers("Nieuwe trajecten naar verwijzer", ["verwijzer", "erbij", "nieuw", "herhaald"], D.verwijzers.map(([c, naam]) => [[naam, ...["instroom", "instroom_nieuw", "instroom_herhaald"].map((x) => toon(cel("stroom", s(c), q, x)))], c === v ? "zelf" : null]))),
      blok(`Herindicaties via: ${NAAM.verwijzers[v]}`, doel ? `Doel: ${getal(d[5], 0)} % tegenover ${d[7]}, dus voor hetzelfde halfjaar. Kleine aantallen bewegen ook zonder oorzaak.` : "Aantal herindicaties per halfjaar. Kleine aantallen bewegen ook zonder oorzaak.",
        lijnen("Herindicaties", [{ naam: naamVan(r), waarden: reeks("her", `${r}|verwijzer|${v}`, "herindicaties"), sterk: true }], { doel })),
      blok(`Deel van de besluiten dat een herindicatie is, via: ${NAAM.verwijzers[v]}, in %`, null,
        lijnen("Herindicaties in procenten", [...naast, { naam: naamVan(r), waarden: reeks("her", `${r}|verwijzer|${v}`, "percentage"), sterk: true }]),
        cijfers("Herindicaties", ["halfjaar", "besluiten", "herindicaties", "%", "sinds een jaar %"], D.perioden.map((p) => [[status(p) ? `${p} (${status(p)})` : p, toon(cel("her", `${r}|verwijzer|${v}`, p, "besluiten")), toon(cel("her", `${r}|verwijzer|${v}`, p, "herindicaties")), toon(cel("her", `${r}|verwijzer|${v}`, p, "percentage"), 1), toon(cel("her", `${r}|verwijzer|${v}`, p, "verandering"), 1)], p === q ? "zelf" : null]))))];
  }, keuzes: ["naast", "verwijzer"] },

  aanbieders: { titel: "Aanbieders", kop: (k) => `Aanbieders in ${naamVan(provincieVan(k.regio))}`, maak(k) {
    const p = provincieVan(k.regio), r = geenWijk(k), q = k.periode;
    const begin = `${r}|jeugdhulp|jeugdigen|aanbieder|`;
    const lijst = Object.keys(D.reeksen.stroom).filter((s) => s.startsWith(begin)).map((s) => ({ naam: s.slice(begin.length), c: cel("stroom", s, q, "in_periode") })).filter((a) => a.c.w !== 0)
      .sort((a, b) => (b.c.w ?? -1) - (a.c.w ?? -1) || a.naam.localeCompare(b.naam));
    const weg = lijst.filter((a) => a.c.status === "geen_levering");
    return [trechterDeel(k, `${q}|${k.indicator}|provincie|${REGIO.get(k.regio).provincie}`, "aanbieder", (id) => id, null, naamVan(p)),
      maak("div", { class: "rooster" }, blok(`Wie helpt de jongeren van ${naamVan(r)}? ${q}`, `De vijftien grootste, met hun KvK-nummer.${weg.length ? ` Niet geleverd voor dit halfjaar: ${weg.map((a) => a.naam).join(", ")}.` : ""}`,
        staven("Jongeren per aanbieder", lijst.slice(0, 15)),
        cijfers("Jongeren per aanbieder", ["aanbieder (KvK)", "jongeren", "opmerking"], lijst.map((a) => [[a.naam, toon(a.c), a.c.status === "geen_levering" ? "leverde niet; doorgeteld" : ""]]), [2])))];
  }, keuzes: ["indicator"] },

  indicatoren: { titel: "Indicatoren", kop: (k) => `Prestatie-indicatoren: ${naamVan(geenWijk(k))}`, maak(k) {
    const r = geenWijk(k), q = k.periode, prov = REGIO.get(k.regio).provincie;
    return [trechterDeel(k, `${q}|${k.indicator}|gemeente|${prov}`, "gemeente", (c) => naamVan(`gemeente:${c}`), r.split(":")[1], naamVan(`provincie:${prov}`)),
      maak("div", { class: "rooster" }, blok(`De indicatoren van ${naamVan(r)}, ${q}`, "Respons: van welk deel is er een meting.",
        tabel("Indicatoren", ["indicator", "waarde", "marge", "op", "respons %", naamVan(`provincie:${prov}`)], D.kernmaten.map((m) => {
          const [nr, omschrijving, soort] = D.indicatoren[m], c = indVeld(k, m, "waarde", r), o = indVeld(k, m, "ondergrens", r).w, b = indVeld(k, m, "bovengrens", r).w;
          const rt = indVeld(k, m, "respons_teller", r).w, rn = indVeld(k, m, "respons_noemer", r).w, pc = indVeld(k, m, "waarde", `provincie:${prov}`);
          const e = soort === "aandeel" ? " %" : "";
          return [[`${nr} ${omschrijving}`, c.w === null ? c.teken : getal(c.w, 1) + e, o === null ? "" : `${getal(o, 1)}–${getal(b, 1)}`, toon(indVeld(k, m, "noemer", r)), rt !== null && rn ? getal((100 * rt) / rn) : "", pc.w === null ? pc.teken : getal(pc.w, 1) + e], m === k.indicator ? "zelf" : null];
        }))))];
  }, keuzes: ["indicator"] },

  leveringen: { titel: "Leveringen", kop: () => "Hoe goed zijn de leveringen?", maak(k) {
    const feeds = [...new Set(D.kwaliteit.leveringen.map((r) => r[0]))], perioden = [...new Set(D.kwaliteit.leveringen.map((r) => r[1]))].filter((q) => D.perioden.includes(q));
    const vind = (f, q) => D.kwaliteit.leveringen.find((r) => r[0] === f && r[1] === q);
    return [maak("div", { class: "rooster onder-elkaar" },
      blok("Wie leverde?", "Aanbieders die leverden, van wie ooit leverden. Wie niet leverde is doorgeteld of ontbreekt.",
        tabel("Leveringen per halfjaar", ["bestand", ...perioden], feeds.map((f) => [[f, ...perioden.map((q) => { const r = vind(f, q); return r ? (r[3] === r[2] ? `${r[3]}` : `${r[3]} van ${r[2]}`) : "–"; })]]))),
      blok("Welk deel van de rijen is afgekeurd? In %", "Een afgekeurde rij telt nergens mee.",
        tabel("Afkeur per halfjaar", ["bestand", ...perioden], feeds.map((f) => [[f, ...perioden.map((q) => { const r = vind(f, q); return r && r[4] !== null ? getal(r[4], 1) : "–"; })]]))),
      blok("Wat vonden de poorten?", "Poort 1 toetst de leveringen, poort 2 de monitor. Een blokkade houdt de uitgave tegen; een signaal vraagt om nazien.",
        tabel("Poorten", ["regel", "soort", "in orde", "te bekijken", "niet te toetsen"], D.kwaliteit.oordelen.map((r) => [[`${r[1]} ${D.kwaliteit.regels[r[1]] || ""}`, r[2] === "blokkeert" ? "blokkade" : "signaal", ...r.slice(3)], r[4] ? "zelf" : null]), [1])),
      blok("Bijgesteld sinds de vorige uitgave", D.herzien.length ? "Halfjaren waarvan cijfers veranderden, per tabel." : "Niets, of er is geen vorige uitgave.",
        D.herzien.length ? tabel("Bijgesteld", ["tabel", "halfjaren"], [...new Set(D.herzien.map((h) => h.split("|")[0]))].map((t) => [[t, [...new Set(D.herzien.filter((h) => h.startsWith(`${t}|`)).map((h) => h.split("|")[1]))].sort().join(", ")]]), [1]) : null))];
  }, keuzes: [] },
};

function trechterDeel(k, sleutel, wat, wie, zelf, provincie) {
  const deel = D.vergelijking[sleutel], [nr, omschrijving, soort, goed] = D.indicatoren[k.indicator];
  const uitleg = { hoger: "Hoger is beter.", lager: "Lager is beter.", geen: "" }[goed];
  if (!deel) return maak("p", {}, `Over ${k.periode} is voor „${omschrijving}” geen ${wat} te tonen: nog niet bekend, niet gemeten of te klein.`);
  const oordeel = { boven_998: 0, onder_998: 1, boven_95: 2, onder_95: 3, binnen: 4, lage_respons: 5 };
  const rijen = [...deel.rijen].sort((a, b) => oordeel[a[3]] - oordeel[b[3]] || b[2] - a[2]);
  return maak("div", { class: "rooster" },
    blok(`${nr} ${omschrijving}`, `${uitleg} ${deel.provincie === null ? `Het cijfer van ${provincie} is verborgen.` : `De lijn is ${provincie} (${getal(deel.provincie, 1)}).`} ${soort === "aandeel" ? (deel.provincie === null ? "" : "Tussen de stippellijnen kan een verschil toeval zijn. ") : "De grenzen van een gemiddelde zouden verborgen cijfers verraden; het oordeel staat in de vorm. "}${deel.verborgen ? `Verborgen: ${deel.verborgen}.` : ""}`,
      trechter(omschrijving, deel, soort, wie, zelf), maak("p", { class: "vaal" }, VORMUITLEG)),
    blok(`Per ${wat}`, "Wie afwijkt is een vraag, geen oordeel: de een helpt andere jongeren dan de ander.",
      tabel(`Vergelijking per ${wat}`, [wat, "waarde", "op", "respons %", `tegenover ${provincie}`], rijen.map(([id, n, w, o, resp]) => [[wie(id), getal(w, 1), n === null ? "×" : getal(n), resp === null ? "" : getal(resp), D.afwijking[o]], id === zelf ? "zelf" : null]), [4])));
}
const geenWijk = (k) => (niveau(k.regio) === "wijk" ? `gemeente:${REGIO.get(k.regio).gemeente}` : k.regio);
function gemeenteVan(k) {
  const g = REGIO.get(k.regio).gemeente;
  return g ? `gemeente:${g}` : D.regios.map((r) => r[0]).find((id) => niveau(id) === "gemeente" && (niveau(k.regio) !== "provincie" || provincieVan(id) === k.regio));
}

// --- choices and address --------------------------------------------------------------------------------------------
const eerste = D.regios.find((r) => r[0].startsWith("provincie:"))[0];
const STANDAARD = { regio: eerste, periode: D.perioden.at(-1), naast: eerste, maat: "jeugdhulp", soort: "jeugdhulp", verwijzer: "02", indicator: "U/uitval/totaal" };
const opties = {
  regio: () => [...Object.entries(ALLE_NIVEAUS), ["wijk", "Wijk"]],
  periode: () => [...D.perioden].reverse().map((q) => [q, status(q) ? `${q} (${status(q)})` : q]),
  maat: () => D.maten,
  soort: () => ["jeugdhulp", "jeugdbescherming", "jeugdreclassering", "jeugdzorg"].map((s) => [s, s]),
  verwijzer: () => D.verwijzers,
  indicator: () => Object.entries(D.indicatoren).filter(([m, [, , , goed]]) => D.kernmaten.includes(m) || goed !== "geen").filter(([m]) => m !== "10/recidive/totaal").map(([m, [nr, t]]) => [m, `${nr} ${t}`]),
};
const LABEL = { regio: "Gebied", naast: "Vergelijk met", periode: "Halfjaar", maat: "Maat", soort: "Soort", verwijzer: "Verwijzer", indicator: "Indicator" };

function lees() {
  const [pad, vraag = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const k = { ...STANDAARD, pagina: PAGINAS[pad] ? pad : "overzicht" };
  for (const [naam, w] of new URLSearchParams(vraag)) {
    if (naam === "regio" || naam === "naast") {
      const id = [w, `gemeente:${w}`, `wijk:${w}`].find((x) => REGIO.has(x));
      if (id) k[naam] = id;
    } else if (opties[naam]?.().some(([c]) => c === w)) k[naam] = w;
  }
  return k;
}
function adres(k, anders = {}) {
  const nieuw = { ...k, ...anders };
  const delen = Object.keys(STANDAARD).filter((n) => nieuw[n] !== STANDAARD[n]).map((n) => `${n}=${encodeURIComponent(nieuw[n])}`);
  return `#/${nieuw.pagina}${delen.length ? `?${delen.join("&")}` : ""}`;
}
function naar(anders) { location.hash = adres(lees(), anders); }

function keuze(naam, k) {
  const id = `keuze-${naam}`;
  const optie = ([w, t]) => maak("option", { value: w, selected: k[naam] === w ? "" : null }, t);
  let inhoud;
  if (naam === "regio" || naam === "naast") {
    const gemeente = k.regio && REGIO.get(k.regio).gemeente;
    inhoud = Object.entries(naam === "regio" ? { ...ALLE_NIVEAUS, wijk: `Wijk in ${naamVan(`gemeente:${gemeente}`)}` } : ALLE_NIVEAUS).map(([niv, titel]) => {
      const ids = D.regios.map((r) => r[0]).filter((r) => niveau(r) === niv && (niv !== "wijk" || REGIO.get(r).gemeente === gemeente));
      return ids.length ? maak("optgroup", { label: titel }, ids.map((r) => optie([r, naamVan(r)]))) : null;
    });
  } else inhoud = opties[naam]().map(optie);
  return maak("div", {}, maak("label", { for: id }, LABEL[naam]), maak("select", { id, name: naam, onchange: (e) => naar({ [naam]: e.target.value }) }, inhoud));
}

function teken() {
  const k = lees(), pagina = PAGINAS[k.pagina], actief = document.activeElement?.id;
  document.title = `${pagina.kop(k)} · Jeugdmonitor`;
  document.querySelector("nav").replaceChildren(...Object.entries(PAGINAS).map(([naam, p]) =>
    maak("a", { id: `deel-${naam}`, href: adres(k, { pagina: naam }), "aria-current": naam === k.pagina ? "page" : null }, p.titel)));
  const namen = k.pagina === "leveringen" ? [] : ["regio", "periode", ...pagina.keuzes];
  const form = document.querySelector(".keuzes");
  form.hidden = !namen.length;
  form.replaceChildren(...namen.map((naam) => keuze(naam, k)));
  const merk = status(k.periode);
  document.getElementById("inhoud").replaceChildren(
    maak("h1", {}, pagina.kop(k)),
    k.pagina === "leveringen" ? "" : maak("p", { class: "vaal" }, k.periode, merk ? maak("span", { class: "merk" }, `${merk}e cijfers`) : null),
    ...pagina.maak(k).flat().filter(Boolean));
  // what had the focus was drawn anew: who uses the keyboard goes on where they were
  if (actief) document.getElementById(actief)?.focus();
}
document.querySelector("footer").append(
  maak("p", {}, `Aantallen zijn afgerond op 5. ${Object.entries(D.legenda).map(([t, u]) => `${t} ${u}`).join("; ")}. De marge is het 95%-interval.`),
  maak("p", {}, "Bronnen: registraties van jeugdhulpaanbieders en gecertificeerde instellingen; bevolking van het CBS. ",
    maak("a", { href: "../factsheets/index.html" }, "Factsheets per gemeente"), " · ", maak("a", { href: "../gegevenswoordenboek.html" }, "Wat betekent elk cijfer?")));
document.querySelector(".keuzes").addEventListener("submit", (e) => e.preventDefault());
document.querySelector(".sprong").addEventListener("click", (e) => { e.preventDefault(); document.getElementById("inhoud").focus(); });
addEventListener("hashchange", teken);
teken();
