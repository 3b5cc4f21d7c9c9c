import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { awsThrottleRules } from "./aws-throttle-rules.ts";
import { commonError, throttlingError } from "./common-errors.ts";
import type { WireConditions } from "./conditions.ts";
import { createFaultRules, delayOf, type FaultRule, type FaultRules } from "./fault-rules.ts";
import { closeServer, listenOnLoopback, readBody } from "./http.ts";
import { readJsonCall } from "./json-protocol.ts";
import { createLedger, isMutating, type Ledger } from "./ledger.ts";
import type { WireCall, WireFault, WireRefusal, WireRequest, WireResponse } from "./protocol.ts";
import { readQueryCall } from "./query-protocol.ts";
import { type AwsService, WireError } from "./service.ts";
import { createThrottles } from "./throttles.ts";
import { refuseUnknownRoute } from "./unknown-route.ts";

/** The AWS endpoint of the sandbox. */
export interface WireServer {
  readonly ledger: Ledger;
  readonly faults: FaultRules;
  /** Replaces throttling and the faults of earlier conditions; rules in `faults` stay, and come first. */
  setConditions(conditions: Pick<WireConditions, "throttling" | "faults">): void;
  /** Starts on loopback and resolves to the endpoint URL. */
  listen(port?: number): Promise<string>;
  close(): Promise<void>;
}

/** An AWS endpoint over these services: AWS JSON by `X-Amz-Target`, AWS Query by `Action` and `Version`. */
export function createWireServer(services: readonly AwsService[]): WireServer {
  const ledger = createLedger();
  const faults = createFaultRules();
  const lastingFaults = createFaultRules();
  const throttles = createThrottles(() => performance.now());
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = Date.now();
    const call = readCall(await toRequest(incoming), services);
    const operation = call.operation;
    const serviceName = typeof call.service === "string" ? call.service : call.service.name;
    const rule = faults.take(serviceName, operation) ?? lastingFaults.take(serviceName, operation);
    const delayMs = rule === undefined ? 0 : delayOf(rule);
    if (delayMs > 0) await sleep(delayMs);

    const admitted = throttles.admit(serviceName, operation);
    const { reply, fault, performed } = await perform(call, rule, admitted);
    const dropped = rule?.drop && (rule.drop === "before" || performed) ? rule.drop : undefined;
    ledger.add({
      at: new Date(started).toISOString(),
      service: serviceName,
      operation,
      input: "input" in call ? call.input : {},
      userAgent: String(incoming.headers["user-agent"] ?? ""),
      mutating: isMutating(operation),
      outcome: {
        status: dropped ? 0 : reply.status,
        ...(fault ? { code: fault.code } : {}),
        ...(dropped ? { dropped } : {}),
        milliseconds: Date.now() - started,
      },
    });
    if (dropped) {
      incoming.socket.destroy();
      return;
    }
    response.writeHead(reply.status, reply.headers).end(reply.body);
  }

  return {
    ledger,
    faults,
    setConditions({ throttling, faults: rules }) {
      throttles.set(throttling === "aws" ? awsThrottleRules : throttling);
      lastingFaults.clear();
      for (const rule of rules) lastingFaults.add(rule);
    },
    listen: (port) => listenOnLoopback(server, port),
    close: () => closeServer(server),
  };
}

async function toRequest(incoming: IncomingMessage): Promise<WireRequest> {
  return {
    method: incoming.method ?? "POST",
    url: incoming.url ?? "/",
    headers: incoming.headers,
    body: await readBody(incoming),
  };
}

function readCall(request: WireRequest, services: readonly AwsService[]): WireCall | WireRefusal {
  const unknown = refuseUnknownRoute(request);
  if (unknown) return unknown;
  return request.headers["x-amz-target"] === undefined
    ? readQueryCall(request, services)
    : readJsonCall(request, services);
}

interface Performed {
  readonly reply: WireResponse;
  readonly fault?: WireFault;
  readonly performed: boolean;
}

async function perform(
  call: WireCall | WireRefusal,
  rule: FaultRule | undefined,
  admitted: boolean,
): Promise<Performed> {
  const requestId = randomUUID();
  const refuse = (fault: WireFault, performed: boolean): Performed => ({
    reply: call.fail(fault, requestId),
    fault,
    performed,
  });
  if (!("input" in call)) return refuse(call.fault, false);
  if (!admitted) return refuse(throttlingError(call.service.protocol), false);
  if (rule?.error && rule.drop !== "after") return refuse(commonError(rule.error.code, rule.error), false);
  if (rule?.drop === "before") {
    return refuse({ code: "ConnectionDropped", message: "dropped by a fault rule", status: 500 }, false);
  }
  try {
    const output = await call.service.operations[call.operation]?.(call.input);
    return { reply: call.succeed(output, requestId), performed: true };
  } catch (error) {
    return refuse(faultOf(error), true);
  }
}

function faultOf(error: unknown): WireFault {
  if (error instanceof WireError) return { code: error.code, message: error.message, status: error.status };
  const message = error instanceof Error ? error.message : String(error);
  return { code: "InternalFailure", message, status: 500 };
}
