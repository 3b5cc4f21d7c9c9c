import type { Localisation } from "../../packages/localisation/index.ts";
import { wrap } from "../../src/interfaces/cli/plain-text.ts";

type Placed = Localisation["ranked"][number] | Localisation["apart"][number];

/** The result as text of 80 columns: the verdict, each service with its signs and reasons, what has no vote. */
export function localisationText({ verdict, ranked, apart, notMeasured, remarks }: Localisation): string {
  const said =
    verdict.services.length === 0 ? verdict.kind : `${verdict.kind}: ${verdict.services.join(", ")}`;
  return [
    wrap(`${said}. ${sentence(verdict.reason)}`, "Verdict  "),
    ...ranked.flatMap((one) => ["", ...lines(one, `${String(one.rank).padStart(3)}  `)]),
    ...(apart.length === 0 ? [] : ["", "Apart, not connected with the alarm:"]),
    ...apart.flatMap((one) => ["", ...lines(one, "  -  ")]),
    ...(notMeasured.length === 0 ? [] : ["", wrap(notMeasured.join(", "), "Not measured: ")]),
    ...(remarks.length === 0 ? [] : ["", ...remarks.map((remark) => wrap(remark, "Note: "))]),
  ].join("\n");
}

function lines({ service, role, sure, onset, signs, reasons }: Placed, lead: string): string[] {
  const doubt = sure === "doubtful" ? ", doubtful" : "";
  const since = onset === undefined ? "" : ` since ${onset}`;
  const shown = signs.map(({ metric, shape, onset: at }) => `${metric} up (${shape}) at ${at.slice(11, 19)}`);
  const all = shown.length === 0 ? reasons : [shown.join(", "), ...reasons];
  return [wrap(`${service}: ${role}${doubt}${since}`, lead), ...all.map((text) => wrap(text, "     - "))];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
