/** The brake on every page: what is paused, by whom, and the switch for those who may. */
import type { Pause } from "../../../domain/brake.ts";
import { type BrakeState, brakeLines } from "../../../domain/brake-state.ts";
import { type Html, html } from "./html.ts";

export interface BrakeFrame {
  readonly state: BrakeState;
  /** Whether this reader may answer, and so pause and resume. */
  readonly allowed: boolean;
}

/**
 * The part above a page's content: the banner while something is held back, the switch, and what came of throwing it,
 * which is no part of what is renewed.
 */
export function brakePart({ state, allowed }: BrakeFrame): Html {
  const lines = brakeLines(state);
  const pauses = state.pauses ?? [];
  const isPaused = pauses.some(({ scope }) => scope.kind === "all");
  const buttons = allowed ? [...pauses.map(resumeButton), ...(isPaused ? [] : [PAUSE_BUTTON])] : [];
  return html`<div id="brake" data-live>${
    lines.length + buttons.length === 0
      ? ""
      : html`<section class="${lines.length > 0 ? "brake on" : "brake"}" aria-label="Brake">${lines.map((line) => html`<p role="status">${line}</p>`)}${buttons.length === 0 ? "" : html`<div class="brake-buttons">${buttons}</div>`}</section>`
  }</div>
<p class="brake-said" id="brake-said" role="alert"></p>`;
}

const PAUSE_BUTTON = html`<button type="button" data-brake="pause">Pause OpsAgent</button>`;

function resumeButton({ scope }: Pause): Html {
  if (scope.kind === "all") return html`<button type="button" data-brake="resume">Resume OpsAgent</button>`;
  const cluster = scope.cluster === undefined ? "" : html` data-cluster="${scope.cluster}"`;
  return html`<button type="button" data-brake="resume" data-service="${scope.service}"${cluster}>Resume ${scope.service}</button>`;
}

/** Asks once more before the switch is thrown. Filled by the page's script; without scripts the command line does it. */
export const BRAKE_DIALOG: Html = html`<dialog id="brake-dialog" aria-labelledby="brake-title">
<h2 id="brake-title">Pause OpsAgent?</h2>
<p id="brake-meaning"></p>
<div id="brake-fields">
<label>How long<select id="brake-minutes"><option value="">until somebody resumes</option><option value="30">30 minutes</option><option value="120">2 hours</option><option value="480">8 hours</option></select></label>
<label>What<input id="brake-service" maxlength="255" placeholder="everything; or one service's name"></label>
<label>Why (shown wherever the pause is)<input id="brake-why" maxlength="500"></label>
</div>
<div class="answers"><button type="button" id="brake-yes">Pause</button> <button type="button" id="brake-no" class="quiet">Cancel</button></div>
</dialog>`;

/** A part of the pages' script. */
export const BRAKE_SCRIPT = `(() => {
  const byId = (id) => document.getElementById(id);
  const dialog = byId("brake-dialog");
  if (!dialog) return;
  let asked;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-brake]");
    if (!button) return;
    const { brake: what, service, cluster } = button.dataset;
    asked = { what, service, cluster };
    const pause = what === "pause";
    byId("brake-title").textContent = pause ? "Pause OpsAgent?" : "Resume " + (service ?? "OpsAgent") + "?";
    byId("brake-meaning").textContent = pause
      ? "Nothing is changed by any OpsAgent of this store until it is resumed. Incidents are still investigated and reported."
      : "OpsAgent may change again what its policy allows.";
    byId("brake-fields").hidden = !pause;
    byId("brake-yes").textContent = pause ? "Pause" : "Resume";
    for (const id of ["brake-minutes", "brake-service", "brake-why"]) byId(id).value = "";
    dialog.showModal();
    byId(pause ? "brake-yes" : "brake-no").focus();
  });
  byId("brake-no").addEventListener("click", () => dialog.close());
  byId("brake-yes").addEventListener("click", async () => {
    const { what, service, cluster } = asked;
    const [minutes, named, why] = ["brake-minutes", "brake-service", "brake-why"].map((id) => byId(id).value.trim());
    const body = what === "resume"
      ? { service, cluster }
      : { service: named || undefined, minutes: minutes ? Number(minutes) : undefined, why: why || undefined };
    dialog.close();
    const tell = (words) => { for (const id of ["brake-said", "announce"]) if (byId(id)) byId(id).textContent = words; };
    try {
      const response = await fetch("/api/" + what, {
        method: "POST",
        headers: { "content-type": "application/json", "x-opsagent-dashboard": "1" },
        body: JSON.stringify(body),
      });
      const said = await response.json();
      document.dispatchEvent(new Event("opsagent:refresh"));
      tell(response.ok && what === "pause" ? "" : said.message + " " + said.remedy);
    } catch {
      tell("This could not be sent. Try again, or use the command line: opsagent " + what);
    }
  });
})();
`;
