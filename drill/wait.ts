/** Waits until an incident is closed and nothing is left to do, while the view shows the service. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Incident } from "../src/domain/incident/incident.ts";
import type { OpsAgent } from "../src/wiring/compose.ts";
import type { SandboxState, ScenarioFacts } from "./facts.ts";
import type { OnCall } from "./on-call.ts";
import type { Sandbox } from "./sandbox-process.ts";
import type { View } from "./view.ts";

const GIVE_BACK_TIMEOUT_MS = 120_000;

/** Waits for the scale-in of temporary capacity, after which the drill ends. */
export async function waitForScaleIn(
  incident: Incident,
  agent: OpsAgent,
  sandbox: Sandbox,
  { service }: ScenarioFacts,
  view: View,
): Promise<Incident> {
  if (incident.giveBack?.outcome !== "waiting") return incident;
  view.line("result", `resolved; ${incident.giveBack.detail}`);
  await sandbox.control("POST", "/aftermath");
  view.line("sandbox", "the wave of requests is over; the added tasks should go back now");
  const ended = agent.finished(incident);
  const giveUp = Date.now() + GIVE_BACK_TIMEOUT_MS;
  while (Date.now() < giveUp) {
    const done = await Promise.race([ended, sleep(250)]);
    if (done !== undefined) return done;
    view.status(await sandbox.control<SandboxState>("GET", "/state"), service);
  }
  throw new Error(`Temporary capacity was not scaled in within ${GIVE_BACK_TIMEOUT_MS / 1000} s.`);
}

export interface Awaited {
  readonly sandbox: Sandbox;
  readonly facts: ScenarioFacts;
  readonly inbox: Inbox<Incident>;
  readonly person: OnCall;
  readonly view: View;
  /** Milliseconds. */
  readonly patience: number;
}

/**
 * Waits for the first incident that an alarm opened. Changes to OK, and alarms that attach to an open incident, are
 * ignored.
 */
export async function waitForIncident({
  sandbox,
  facts,
  inbox,
  person,
  view,
  patience,
}: Awaited): Promise<Incident> {
  const giveUp = Date.now() + patience;
  let alarm = "";
  while (Date.now() < giveUp) {
    const incident = inbox.take((one) => one.alert.state === "ALARM" && one.joinedTo === undefined);
    if (incident !== undefined) return incident;
    await person.look();
    const state = await sandbox.control<SandboxState>("GET", "/state");
    const now = state.alarms.find((one) => one.name === facts.alarmName)?.state ?? "";
    if (now !== alarm && (now === "ALARM" || alarm === "ALARM"))
      view.line("alarm", `${facts.alarmName} is ${now}`);
    alarm = now;
    view.status(state, facts.service);
    await sleep(250);
  }
  throw new Error(`No incident ended within ${patience / 1000} s; the drill's folder has the agent's log.`);
}

/** Receives closed incidents. */
export interface Inbox<T> {
  readonly put: (value: T) => void;
  readonly fail: (error: unknown) => void;
  take(wanted: (value: T) => boolean): T | undefined;
}

/** Creates an empty inbox. */
export function createInbox<T>(): Inbox<T> {
  const values: T[] = [];
  let failure: unknown;
  return {
    put: (value) => void values.push(value),
    fail: (error) => {
      failure = error;
    },
    take: (wanted) => {
      if (failure !== undefined) throw failure;
      return values.find(wanted);
    },
  };
}
