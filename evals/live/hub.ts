/** The environment of an agent under test, on loopback: receives alarms and delivers them, receives its reports. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { AgentReport, type PersonVerdict, type Site } from "./agent.ts";

export interface Hub {
  /** Where the sandbox sends alarms. */
  readonly alarmUrl: string;
  readonly slackUrl: string;
  readonly reportUrl: string;
  readonly approvalUrl: string;
  /** Epoch milliseconds at which the first alarm in state ALARM, or event of ECS that stands for one, arrived that names the service, or else any. */
  readonly alarmedAt: (service: string) => number | undefined;
  readonly reported: Site["reported"];
  readonly messages: readonly string[];
  close(): Promise<void>;
}

export interface HubOptions {
  /** Delivers an alarm; a throw makes the sender try again. */
  readonly deliver: (event: string) => Promise<void>;
  readonly askPerson: (action: string) => PersonVerdict;
}

/** Paths are unguessable: an agent knows its own three and not the one for alarms. */
export async function startHub({ deliver, askPerson }: HubOptions): Promise<Hub> {
  const messages: string[] = [];
  const alarms: { readonly at: number; readonly body: string }[] = [];
  const reports: AgentReport[] = [];

  const paths = { alarm: secretPath(), slack: secretPath(), report: secretPath(), approval: secretPath() };
  const answers: Readonly<Record<string, (body: string) => Promise<[number, string]>>> = {
    [paths.alarm]: async (body) => {
      if (isAlarm(body)) alarms.push({ at: Date.now(), body });
      await deliver(body);
      return [202, "{}"];
    },
    [paths.slack]: async (body) => {
      messages.push(body);
      return [200, "ok"];
    },
    [paths.report]: async (body) => {
      const parsed = AgentReport.safeParse(parsedJson(body));
      if (!parsed.success) return [400, JSON.stringify({ error: parsed.error.issues })];
      reports.push(parsed.data);
      return [200, "{}"];
    },
    [paths.approval]: async (body) => {
      const { action } = (parsedJson(body) ?? {}) as { action?: unknown };
      if (typeof action !== "string") return [400, JSON.stringify({ error: 'Send {"action": "..."}.' })];
      return [200, JSON.stringify({ verdict: askPerson(action) })];
    },
  };

  const server = createServer(async (request: IncomingMessage, response) => {
    const answer = answers[request.url ?? ""];
    const [status, body] = await (answer === undefined
      ? Promise.resolve<[number, string]>([404, "{}"])
      : text(request)
          .then(answer)
          .catch((error: unknown): [number, string] => [503, JSON.stringify({ error: String(error) })]));
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    alarmUrl: base + paths.alarm,
    slackUrl: base + paths.slack,
    reportUrl: base + paths.report,
    approvalUrl: base + paths.approval,
    alarmedAt: (service) => (alarms.find(({ body }) => body.includes(service)) ?? alarms[0])?.at,
    reported: (service) => reports.findLast((one) => one.service === undefined || one.service === service),
    messages,
    close: () => closed(server),
  };
}

function secretPath(): string {
  return `/${randomBytes(9).toString("base64url")}`;
}

function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** An event of SNS, or of the bus with an alarm's new state. */
interface AlarmEvent {
  readonly Records?: readonly { readonly Sns?: { readonly Message?: string } }[];
  readonly source?: unknown;
  readonly detail?: {
    readonly alarmName?: unknown;
    readonly state?: { readonly value?: unknown };
    readonly eventType?: unknown;
    readonly lastStatus?: unknown;
    readonly stopCode?: unknown;
  };
}

/** Ends of a task that nobody asked for. */
const BROKEN: readonly unknown[] = ["EssentialContainerExited", "TaskFailedToStart"];

/**
 * Whether an event of SNS or of the bus says that something is wrong: a change of an alarm into ALARM, an ERROR event of
 * ECS or a task that ended by itself.
 */
export function isAlarm(body: string): boolean {
  const event = parsedJson(body) as AlarmEvent | undefined;
  if (event?.detail?.alarmName !== undefined) return event.detail.state?.value === "ALARM";
  if (event?.source === "aws.ecs") {
    const { eventType, lastStatus, stopCode } = event.detail ?? {};
    return eventType === "ERROR" || (lastStatus === "STOPPED" && BROKEN.includes(stopCode));
  }
  return (event?.Records ?? []).some(({ Sns }) => {
    const message = parsedJson(Sns?.Message ?? "") as { NewStateValue?: unknown } | undefined;
    return message?.NewStateValue === "ALARM";
  });
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
