/** The brake for clients with a token: `GET /pauses`, `POST /pause`, `POST /resume`. */
import { type Context, Hono } from "hono";
import { z } from "zod";
import type { BrakeControl, BrakeResult } from "../../approval/brake-control.ts";
import { MAX_PAUSE_WHY, type Pause, type PauseScope } from "../../domain/brake.ts";
import { type BrakeState, brakeLines } from "../../domain/brake-state.ts";
import type { Logger } from "../../domain/ports.ts";
import { type ClientVariables, hasType, onlyClients, refusal, smallBody, wrongType } from "./client.ts";
import type { IdentifyClient } from "./tokens.ts";

const MAX_BODY_BYTES = 16 * 1_024;
const MOST_MINUTES = 366 * 24 * 60;

const scope = {
  service: z.string().trim().min(1).max(255).optional(),
  cluster: z.string().trim().min(1).max(255).optional(),
};
const clusterAlone = (given: { service?: string | undefined; cluster?: string | undefined }) =>
  given.cluster === undefined || given.service !== undefined;
const WITH_SERVICE = { error: "needs a service", path: ["cluster"] };

const PauseBody = z
  .strictObject({
    ...scope,
    minutes: z.number().positive().max(MOST_MINUTES).optional(),
    why: z.string().trim().max(MAX_PAUSE_WHY).optional(),
  })
  .refine(clusterAlone, WITH_SERVICE);
const ResumeBody = z.strictObject(scope).refine(clusterAlone, WITH_SERVICE);

export interface BrakeRouteDependencies {
  readonly brake: BrakeControl;
  readonly logger: Logger;
  readonly now: () => Date;
  readonly identify: IdentifyClient;
}

/** Whoever has a token may look; who may answer questions may pause and resume. */
export function brakeRoutes({ brake, logger, now, identify }: BrakeRouteDependencies): Hono<ClientVariables> {
  const routes = new Hono<ClientVariables>();
  const doors = [onlyClients(identify, logger), smallBody(MAX_BODY_BYTES)] as const;
  routes.get("/pauses", ...doors, async (c) => c.json(brakeView(await brake.state())));
  for (const what of ["pause", "resume"] as const) {
    routes.post(`/${what}`, ...doors, (c) =>
      takeBrake(c, brake, { what, by: c.get("client"), via: "http", now: now() }),
    );
  }
  return routes;
}

/** The state as JSON: what holds changes back now, and the sentences that say so. */
export function brakeView(state: BrakeState) {
  return { ...state, pauses: state.pauses ?? null, says: brakeLines(state) };
}

/** Reads a pause, or the end of one, and gives it on under this name. */
export async function takeBrake(
  c: Context,
  brake: BrakeControl,
  given: {
    readonly what: "pause" | "resume";
    readonly by: string;
    readonly via: Pause["via"];
    readonly now: Date;
  },
): Promise<Response> {
  if (!hasType(c, "application/json")) return wrongType(c, "application/json");
  const json: unknown = await c.req.json().catch(() => undefined);
  const { by, via } = given;
  if (given.what === "resume") {
    const body = ResumeBody.safeParse(json);
    if (!body.success) return unreadable(c, body.error, "{}");
    return answered(c, await brake.resume({ scope: scopeOf(body.data), by, via }));
  }
  const body = PauseBody.safeParse(json);
  if (!body.success) return unreadable(c, body.error, '{"minutes": 120, "why": "..."}');
  const { minutes, why } = body.data;
  const until =
    minutes === undefined ? undefined : new Date(given.now.getTime() + minutes * 60_000).toISOString();
  return answered(c, await brake.pause({ scope: scopeOf(body.data), by, via, until, why }));
}

function scopeOf({ service, cluster }: z.infer<typeof ResumeBody>): PauseScope {
  if (service === undefined) return { kind: "all" };
  return { kind: "service", service, ...(cluster === undefined ? {} : { cluster }) };
}

const STATUS = { "not-allowed": 403, "not-paused": 409 } as const;

function answered(c: Context, { outcome, message, remedy, state }: BrakeResult): Response {
  const now = state === undefined ? {} : { brake: brakeView(state) };
  if (outcome === "paused" || outcome === "resumed") return c.json({ outcome, message, remedy, ...now });
  return c.json({ code: outcome, message, remedy, ...now }, STATUS[outcome]);
}

function unreadable(c: Context, error: z.ZodError, example: string): Response {
  const problems = error.issues.map((issue) => `${issue.path.join(".") || "the body"}: ${issue.message}`);
  return refusal(c, 400, {
    code: "brake-unreadable",
    message: `The request cannot be read. ${problems.join("; ")}`,
    remedy: `Send ${example} for everything, with "service" for one service.`,
  });
}
