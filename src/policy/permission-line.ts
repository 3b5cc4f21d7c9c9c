/** What OpsAgent may change by its settings, in one line, and how to allow more. Pure. */
import type { Mode, Policy } from "../domain/policy.ts";
import { modeInForce } from "../remediation/guardrails/mode.ts";
import { ACTIONS, type Acting } from "./modes-wanted.ts";

export interface PermissionSettings {
  readonly policy: Policy;
  /** OPSAGENT_MODE. */
  readonly mode: Mode;
  /** Where the policy comes from, such as `policy.yaml`; undefined where nobody wrote one. */
  readonly policyFile: string | undefined;
}

/** Whether these settings let OpsAgent change anything at all, with or without a person's approval. */
export function mayChangeAnything({ policy, mode }: Pick<PermissionSettings, "policy" | "mode">): boolean {
  if (policy.killSwitch) return false;
  const someOf = (service: string) =>
    ACTIONS.some((action) => modeInForce(policy, mode, service, action) !== "observe");
  return someOf("") || Object.entries(policy.services).some(([name, own]) => !own.protected && someOf(name));
}

/** Returns the line, such as `OpsAgent may restart tasks by itself, and scale with a person's approval. ...`. */
export function permissionLine(settings: PermissionSettings): string {
  const { policy, mode, policyFile } = settings;
  if (policy.killSwitch)
    return `${NOTHING} the kill switch is on. To allow more, set killSwitch to false in ${policyFile ?? "the policy file"}.`;
  if (policyFile === undefined)
    return `${NOTHING} no policy file is set. To allow more, write one with \`opsagent init\`, name it in OPSAGENT_POLICY, and set modes in it to approve or auto.`;
  if (mode === "observe")
    return `${NOTHING} OPSAGENT_MODE is observe. To allow what ${policyFile} says, set it to approve or auto.`;
  if (!mayChangeAnything(settings))
    return `${NOTHING} ${policyFile} allows no action on any service. To allow more, set a mode in it to approve or auto.`;
  const others = Object.keys(policy.services).filter((name) => differs(name, settings));
  const elsewhere =
    others.length === 0
      ? ""
      : ` Other modes hold for ${others.slice(0, MOST_NAMED).join(", ")}${others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} more` : ""}.`;
  return `OpsAgent ${doing("", settings)} (${policyFile}).${elsewhere} \`opsagent policy explain --service NAME\` says how to allow more or less.`;
}

const NOTHING = "OpsAgent changes nothing, it investigates and reports:";
const MOST_NAMED = 5;

const DOES: Readonly<Record<Acting, string>> = {
  restart: "restart tasks",
  scale: "add tasks",
  rollback: "roll back",
};

function doing(service: string, { policy, mode }: PermissionSettings): string {
  const on = (wanted: Mode) =>
    ACTIONS.filter((action) => modeInForce(policy, mode, service, action) === wanted).map(
      (action) => DOES[action],
    );
  const [alone, asked] = [on("auto"), on("approve")];
  if (alone.length + asked.length === 0)
    return "changes nothing on services that the file gives no modes of their own";
  return [
    ...(alone.length === 0 ? [] : [`may ${listed(alone)} by itself`]),
    ...(asked.length === 0 ? [] : [`may ${listed(asked)} once a person has approved`]),
  ].join(" and ");
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Whether another mode than the policy's own is in force on a service, or none. */
function differs(name: string, { policy, mode }: PermissionSettings): boolean {
  if (policy.services[name]?.protected) return true;
  return ACTIONS.some(
    (action) => modeInForce(policy, mode, name, action) !== modeInForce(policy, mode, "", action),
  );
}
