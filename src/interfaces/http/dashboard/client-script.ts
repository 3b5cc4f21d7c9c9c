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
  async function refresh() {
    if (byId("confirm")?.open) { again = true; return; }
    if (busy) { again = true; return; }
    busy = true;
    try {
      const response = await fetch(location.href, { headers: { accept: "text/html" } });
      if (response.redirected) { location.reload(); return; }
      if (!response.ok) return;
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      const said = byId("answer-said")?.textContent;
      for (const part of document.querySelectorAll("[data-live]")) {
        const next = fresh.getElementById(part.id);
        if (!next || next.innerHTML === part.innerHTML) continue;
        const focused = part.contains(document.activeElement) ? pathTo(part, document.activeElement) : undefined;
        const open = [...part.querySelectorAll("details")].map((each) => each.open);
        part.replaceChildren(...next.childNodes);
        part.querySelectorAll("details").forEach((each, index) => { each.open = open[index] ?? each.open; });
        if (focused) at(part, focused)?.focus({ preventScroll: true });
        part.classList.remove("changed");
        void part.offsetWidth;
        part.classList.add("changed");
      }
      const place = byId("answer-said");
      if (said && place) place.textContent = said;
    } finally {
      busy = false;
      if (again) { again = false; setTimeout(refresh, 250); }
    }
  }
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
    let opened = false;
    stream.addEventListener("open", () => { show("Live", true); if (opened) refresh(); opened = true; });
    stream.addEventListener("error", () => show("Connecting", false));
    stream.addEventListener("change", (event) => {
      const { words } = JSON.parse(event.data);
      say(words.slice(0, 3).join(". "));
      refresh();
    });
    addEventListener("pagehide", () => stream.close());
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
    if (again) { again = false; refresh(); }
  });
  byId("confirm-yes")?.addEventListener("click", async () => {
    const { verdict, incident, planHash } = asked;
    const note = byId("confirm-note").value.trim();
    const buttons = document.querySelectorAll("button[data-verdict]");
    for (const button of buttons) button.disabled = true;
    dialog.close();
    const tell = (words) => { const place = byId("answer-said"); if (place) place.textContent = words; say(words); };
    try {
      const response = await fetch("/api/incidents/" + encodeURIComponent(incident) + "/" + verdict, {
        method: "POST",
        headers: { "content-type": "application/json", "x-opsagent-dashboard": "1" },
        body: JSON.stringify(note === "" ? { planHash } : { planHash, note }),
      });
      const said = await response.json();
      tell(said.message + " " + said.remedy);
      if (!response.ok) for (const button of buttons) button.disabled = false;
    } catch {
      tell("The answer could not be sent. Try again, or answer on the command line.");
      for (const button of buttons) button.disabled = false;
    }
    refresh();
  });
})();
`;

export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="13" fill="none" stroke="#2360c5" stroke-width="4"/><circle cx="16" cy="16" r="5" fill="#2360c5"/></svg>`;
