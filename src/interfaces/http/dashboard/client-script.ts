/**
 * The pages' one script: replaces what changed, and sends answers after a person has confirmed the exact change. It
 * builds no HTML of its own; what it puts in place is what the server rendered, and words go in as text.
 */
export const CLIENT_SCRIPT = `"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const say = (words) => { const place = byId("announce"); if (place) place.textContent = words; };

  // Live parts: fetched again as the server renders them, and replaced where they differ.
  let busy = false, again = false;
  const shown = new Map();
  for (const part of document.querySelectorAll("[data-live]")) shown.set(part.id, part.innerHTML);
  async function refresh() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const response = await fetch(location.href, { headers: { accept: "text/html" } });
      if (response.redirected) { location.reload(); return; }
      if (!response.ok) return;
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const part of document.querySelectorAll("[data-live]")) {
        const next = fresh.getElementById(part.id);
        if (!next || next.innerHTML === shown.get(part.id)) continue;
        shown.set(part.id, next.innerHTML);
        const focused = part.contains(document.activeElement) ? pathTo(part, document.activeElement) : undefined;
        const open = [...part.querySelectorAll("details")].map((each) => each.open);
        part.replaceChildren(...next.childNodes);
        part.querySelectorAll("details").forEach((each, index) => { each.open = open[index] ?? each.open; });
        if (focused) at(part, focused)?.focus({ preventScroll: true });
        part.classList.remove("changed");
        void part.offsetWidth;
        part.classList.add("changed");
      }
      sayAnswer();
      tick();
    } finally {
      busy = false;
      if (again) { again = false; setTimeout(refresh, 150); }
    }
  }

  document.addEventListener("opsagent:refresh", refresh);

  // How long a phase lasts by now, by the server's clock.
  const skew = Date.parse(document.body.dataset.now) - Date.now() || 0;
  function tick() {
    for (const place of document.querySelectorAll("[data-since]")) {
      const seconds = Math.max(0, Math.floor((Date.now() + skew - Date.parse(place.dataset.since)) / 1000));
      const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
      const lasts = seconds < 60 ? seconds + " s" : hours < 1 ? minutes + " min " + (seconds % 60) + " s" : hours + " h " + (minutes % 60) + " min";
      if (!Number.isNaN(seconds)) place.textContent = "since " + lasts;
    }
  }
  tick();
  setInterval(tick, 1000);
  function pathTo(root, node) {
    const path = [];
    for (let one = node; one !== root; one = one.parentElement) path.unshift([...one.parentElement.children].indexOf(one));
    return path;
  }
  function at(root, path) {
    return path.reduce((node, index) => node?.children[index], root);
  }

  const address = document.body.dataset.stream;
  if (address) {
    const stream = new EventSource(address);
    const state = byId("stream-state");
    const show = (words, on) => { if (state) { state.textContent = words; state.classList.toggle("on", on); } };
    stream.addEventListener("hello", () => { show("Live", true); refresh(); });
    stream.addEventListener("error", () => show("Connecting", false));
    stream.addEventListener("change", (event) => {
      const { words } = JSON.parse(event.data);
      say(words.slice(0, 3).join(". "));
      refresh();
    });
    addEventListener("pagehide", () => stream.close());
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  }

  // What came of an answer: lasting where it was refused; a taken one until the incident moves on, which the page shows.
  let answer;
  function sayAnswer() {
    const place = byId("answer-said");
    if (answer?.taken && !document.querySelector("[data-phase=asking], [data-phase=checking]")) answer = undefined;
    if (place) { place.textContent = answer?.words ?? ""; place.classList.toggle("taken", Boolean(answer?.taken)); }
    const done = Boolean(answer?.taken || answer?.sending);
    for (const button of document.querySelectorAll("button[data-verdict]")) button.disabled = done;
  }

  // Answers: a button opens the dialog, which names the exact change; only its own button sends.
  const dialog = byId("confirm");
  let asked;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-verdict]");
    if (!button || !dialog) return;
    const box = button.closest(".answers");
    asked = { verdict: button.dataset.verdict, incident: box.dataset.incident, planHash: box.dataset.plan };
    const yes = asked.verdict === "approve";
    byId("confirm-title").textContent = yes ? "Approve this change?" : "Deny this change?";
    byId("confirm-change").textContent = box.dataset.change;
    byId("confirm-plan").textContent = asked.planHash.slice(0, 8);
    byId("confirm-yes").textContent = yes ? "Approve this change" : "Deny this change";
    byId("confirm-note").value = "";
    dialog.showModal();
    byId("confirm-no").focus();
  });
  byId("confirm-no")?.addEventListener("click", () => dialog.close());
  dialog?.addEventListener("close", () => {
    document.querySelector("button[data-verdict='" + asked?.verdict + "']")?.focus();
  });
  byId("confirm-yes")?.addEventListener("click", async () => {
    const { verdict, incident, planHash } = asked;
    const note = byId("confirm-note").value.trim();
    dialog.close();
    const tell = (given) => { answer = given; sayAnswer(); if (given.words) say(given.words); };
    tell({ words: "", sending: true });
    try {
      const response = await fetch("/api/incidents/" + encodeURIComponent(incident) + "/" + verdict, {
        method: "POST",
        headers: { "content-type": "application/json", "x-opsagent-dashboard": "1" },
        body: JSON.stringify(note === "" ? { planHash } : { planHash, note }),
      });
      const said = await response.json();
      tell({ words: said.message + " " + said.remedy, taken: response.ok });
    } catch {
      tell({ words: "The answer could not be sent. Try again, or answer on the command line." });
    }
    refresh();
  });
})();
`;

export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="13" fill="none" stroke="#2360c5" stroke-width="4"/><circle cx="16" cy="16" r="5" fill="#2360c5"/></svg>`;
