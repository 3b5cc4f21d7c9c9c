/** The parts of the policy file that permissions, alarms and names depend on. */
import { parse } from "yaml";
import { z } from "zod";
import schema from "../docs/schemas/policy.v1.json" with { type: "json" };

export type Mode = "observe" | "approve" | "auto";
export type Action = "restart" | "scale" | "rollback";
export const ACTIONS: readonly Action[] = ["restart", "scale", "rollback"];

/** What the rest of this folder knows of a policy. */
export interface PolicyView {
  /** Every service that the file names, in order: keys of `services`, then those of `alarms`. */
  readonly services: readonly string[];
  /** Actions allowed on a service, with or without approval; never more than the agent itself allows. */
  mayAct(service: string): readonly Action[];
  /** Actions that the file allows on services it does not name. */
  readonly unnamed: readonly Action[];
  readonly readsCloudTrail: boolean;
  readonly readsActionLogs: boolean;
  /** The service of an alarm without ECS dimensions; undefined where no pattern matches. */
  serviceOfAlarm(alarmName: string): string | undefined;
}

type Modes = Readonly<Partial<Record<Action, Mode>>>;

/** The fields of the published schema that are used. The schema itself checks the whole file. */
interface PolicyFile {
  readonly modes: Readonly<Record<Action, Mode>>;
  readonly killSwitch: boolean;
  readonly evidence: { readonly cloudTrail: boolean; readonly actionLogs: boolean };
  readonly freezes: readonly { readonly from: string; readonly timeZone?: string }[];
  readonly alarms: readonly { readonly pattern: string; readonly service: string }[];
  readonly services: Readonly<Record<string, { readonly modes?: Modes; readonly protected?: boolean }>>;
}

/** Also keeps `*` out of the resources of permissions. */
const SERVICE_NAME = /^[A-Za-z0-9_-]{1,255}$/;

const PublishedPolicy = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);

/**
 * Reads a policy file and validates it with its published schema. `ceiling` is OPSAGENT_MODE. Throws an Error that
 * lists every problem; the agent's own `opsagent policy check` also has their lines.
 */
export function readPolicyView(text: string, ceiling: Mode): PolicyView {
  const policy = read(text);
  const services = [
    ...new Set([...Object.keys(policy.services), ...policy.alarms.map((one) => one.service)]),
  ];
  const odd = services.filter((service) => !SERVICE_NAME.test(service));
  if (odd.length > 0) throw new Error(`These are no names of ECS services: ${odd.join(", ")}.`);
  // What no schema can say: the functions would refuse to start.
  const unclear = policy.freezes.filter(
    ({ from, timeZone }) => /^\d/.test(from) === (timeZone !== undefined),
  );
  if (unclear.length > 0) {
    const which = unclear.map(({ from }) => from).join(", ");
    throw new Error(`These freezes need a time zone with a weekday, and none with a date: ${which}.`);
  }
  const allowed = (modes: Modes) =>
    ACTIONS.filter((action) => (modes[action] ?? policy.modes[action]) !== "observe");
  const nothing = policy.killSwitch || ceiling === "observe";
  return {
    services,
    mayAct(service) {
      const own = Object.hasOwn(policy.services, service) ? policy.services[service] : undefined;
      return nothing || own?.protected || !services.includes(service) ? [] : allowed(own?.modes ?? {});
    },
    unnamed: nothing ? [] : allowed({}),
    readsCloudTrail: policy.evidence.cloudTrail,
    readsActionLogs: policy.evidence.actionLogs,
    serviceOfAlarm: (name) => policy.alarms.find(({ pattern }) => matches(pattern, name))?.service,
  };
}

function read(text: string): PolicyFile {
  const value: unknown = parse(text, { uniqueKeys: true, maxAliasCount: 50 }) ?? {};
  // JSON Schema defaults are not nested, so a section's defaults need the section.
  const withSections = isObject(value) ? { modes: {}, evidence: {}, ...value } : value;
  const parsed = PublishedPolicy.safeParse(withSections);
  if (parsed.success) return parsed.data as PolicyFile;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `  ${path.join(".") || "(file)"}: ${message}`,
  );
  throw new Error(`The policy file is not valid (opsagent policy check FILE):\n${problems.join("\n")}`);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `*` matches any run of characters, as in the agent. */
function matches(pattern: string, name: string): boolean {
  const source = pattern.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`, "s").test(name);
}
