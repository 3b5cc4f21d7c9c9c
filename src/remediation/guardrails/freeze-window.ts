import type { Policy } from "../../domain/policy.ts";
import { type Guardrail, pass, refuse } from "../guardrail.ts";

export const freezeWindow: Guardrail = {
  name: "freeze-window",
  judge: ({ policy, target, now }) => {
    const time = Date.parse(now);
    if (Number.isNaN(time)) throw new Error(`the present time "${now}" is not readable`);
    const freeze = policy.freezes.find((window) => isWithin(window, target.service, time));
    return freeze === undefined
      ? pass("No freeze is in force.")
      : refuse(`A freeze is in force until ${freeze.to}${freeze.reason ? `: ${freeze.reason}` : ""}.`);
  },
};

function isWithin(window: Policy["freezes"][number], service: string, now: number): boolean {
  if (window.services !== undefined && !window.services.includes(service)) return false;
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  if (Number.isNaN(from) || Number.isNaN(to)) throw new Error("the times of a freeze are not readable");
  return from <= now && now < to;
}
