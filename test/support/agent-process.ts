/**
 * An agent in a process of its own, with its production wiring and a wall clock that can be set: `node
 * agent-process.ts`, with the configuration in the environment. Takes one {@link Order} a line on stdin and answers each
 * with one line of JSON on stdout, in any order.
 */
import { createInterface } from "node:readline";
import { createJsonLog } from "../../src/adapters/json-log/json-log.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import { usableConfig } from "../../src/interfaces/cli/terminal.ts";
import { compose } from "../../src/wiring/compose.ts";
import { readConfig } from "../../src/wiring/read-config.ts";

export type Order = { readonly id: number } & (
  | { readonly what: "handle"; readonly event: unknown }
  | { readonly what: "accept"; readonly event: unknown }
  /** Waits until nothing of the incident is left to do. */
  | { readonly what: "finish"; readonly incident: Incident }
  /** Moves the wall clock of this process, in milliseconds. */
  | { readonly what: "shift"; readonly by: number }
  | { readonly what: "approve"; readonly incidentId: string; readonly planHash: string }
  /** Goes on with what an earlier process left unfinished. */
  | { readonly what: "resume" }
  | { readonly what: "stop" }
);

export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly message: string; readonly remedy?: string };
}

let shiftedBy = 0;

/** The time that `Date` tells is the process's wall clock; the monotonic one stays as it is. */
function makeClockMovable(): void {
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...given: [] | [number | string]) {
      if (given.length === 0) super(RealDate.now() + shiftedBy);
      else super(...given);
    }
    static override now(): number {
      return RealDate.now() + shiftedBy;
    }
  } as DateConstructor;
}

async function serveOrders(): Promise<void> {
  makeClockMovable();
  const logger = createJsonLog((line) => process.stderr.write(`${line}\n`));
  const agent = compose(usableConfig(readConfig()), { logger });
  const reply = (answer: Reply) => process.stdout.write(`${JSON.stringify(answer)}\n`);
  const obey = async (order: Order): Promise<unknown> => {
    switch (order.what) {
      case "handle":
        return agent.handle(order.event);
      case "accept":
        return agent.accept(order.event);
      case "finish":
        return agent.finished(order.incident);
      case "shift":
        shiftedBy += order.by;
        return undefined;
      case "approve": {
        const { incidentId, planHash } = order;
        return agent.approvals.answer({
          incidentId,
          planHash,
          verdict: "approved",
          by: { channel: "cli", id: "ann" },
        });
      }
      case "resume":
        return agent.resume();
      case "stop":
        return agent.stop();
    }
  };
  reply({ id: 0, value: "ready" });
  for await (const line of createInterface({ input: process.stdin })) {
    const order: Order = JSON.parse(line);
    obey(order).then(
      (value) => reply({ id: order.id, value }),
      (error: Error & { remedy?: string }) =>
        reply({
          id: order.id,
          error: { message: error.message, ...(error.remedy ? { remedy: error.remedy } : {}) },
        }),
    );
  }
}

if (import.meta.main) await serveOrders();
