/** What every incident must leave behind, whatever went wrong. */
import { expect } from "vitest";
import type { Incident } from "../../src/domain/incident/incident.ts";
import type { World } from "./agent-world.ts";

const STATUS_LINES = {
  resolved: "Status: ✅ Resolved",
  escalated: "Status: ⚠️ Escalated to on-call engineer",
  failed: "Status: ❌ Agent failed — manual intervention required",
} as const;

export interface ExpectedReport {
  readonly status: keyof typeof STATUS_LINES;
  /** What the returned incident and Slack's message (text and blocks) must both say. */
  readonly says: readonly (string | RegExp)[];
  /** False where the store itself is what fails. */
  readonly stored?: boolean;
  /** The calls that change something, in order; none unless told. */
  readonly mutations?: readonly string[];
}

/** The incident is returned, posted and stored with the same status, says what failed, and tells no secret. */
export async function expectReport(
  world: World,
  incident: Incident,
  { status, says, stored = true, mutations = [] }: ExpectedReport,
): Promise<void> {
  expect({ status: incident.status, summary: incident.summary }).toMatchObject({ status });
  const message = world.slack.messages.find(({ text }) => text.includes(STATUS_LINES[status]));
  expect(message, `a message with "${STATUS_LINES[status]}"`).toBeDefined();
  const posted = plain(JSON.stringify(message));
  for (const words of says) {
    expect(JSON.stringify(incident)).toMatch(words);
    expect(posted).toMatch(words);
  }
  if (status !== "resolved" && mutations.length === 0) expect(posted).toContain("Action Taken: None — ");
  if (stored) expect(await world.agent.store.get(incident.id)).toEqual(incident);
  expect(world.aws.mutations()).toEqual(mutations);
  expectNoSecret(world);
}

/** None of the secrets stands in any output, message, log line or stored byte. */
export function expectNoSecret(world: World): void {
  const traces = world.traces();
  for (const secret of world.secrets) expect(traces.includes(secret), `"${secret}" was told`).toBe(false);
}

/** Slack's escapes undone, so that one pattern fits the record and the message. */
function plain(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
