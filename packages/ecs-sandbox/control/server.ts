import { createServer, type IncomingMessage } from "node:http";
import { z } from "zod";
import { Conditions } from "../conditions.ts";
import type { Range } from "../range.ts";
import { FaultRuleSchema } from "../wire/conditions.ts";
import { closeServer, listenOnLoopback, readBody } from "../wire/http.ts";
import { ControlError, createDrill } from "./drill.ts";
import type { Scenario } from "./scenario.ts";
import { keepServingRecord } from "./serving-record.ts";
import { stateView } from "./state-view.ts";

/** What the control API steers. `stop` ends the whole sandbox. */
export interface ControlDeps {
  readonly range: Range;
  readonly scenarios: ReadonlyMap<string, Scenario>;
  readonly registerFunction: (arn: string, url: string) => void;
  readonly stop: () => void;
}

/** The control API, on a port of its own: the agent only ever learns the AWS endpoint. */
export interface ControlServer {
  listen(): Promise<string>;
  close(): Promise<void>;
}

const functionSchema = z.strictObject({ arn: z.string(), url: z.url() });
const startSchema = z.strictObject({ baselineSeconds: z.number().nonnegative().optional() });
const injectSchema = z.strictObject({ task: z.string().optional() });

type Route = (body: unknown, name: string) => unknown;

/** Creates the control API over a range. */
export function createControlServer(deps: ControlDeps): ControlServer {
  const { range, scenarios } = deps;
  const drill = createDrill(range);
  const serving = keepServingRecord(range);

  const routes: Readonly<Record<string, Route>> = {
    "GET /scenarios": () =>
      [...scenarios.values()].map(({ name, title, service }) => ({ name, title, service })),
    "POST /scenarios/*/start": (body, name) => {
      const scenario = scenarios.get(name);
      if (!scenario)
        throw new ControlError(404, `There is no scenario ${name}: ${[...scenarios.keys()].join(", ")}`);
      return drill.start(scenario, startSchema.parse(body ?? {}).baselineSeconds);
    },
    "POST /inject": (body) => drill.inject(injectSchema.parse(body ?? {}).task),
    "POST /aftermath": () => drill.aftermath(),
    "GET /truth": () => drill.truth(),
    "GET /ledger": () => range.wire.ledger.entries(),
    "GET /serving": () => serving.samples(),
    "GET /state": () => stateView(range, drill.stage()),
    "POST /functions": async (body) => {
      const { arn, url } = functionSchema.parse(body);
      deps.registerFunction(arn, url);
      return { subscriptionArn: await drill.subscribe(arn) };
    },
    "GET /fault-rules": () => range.wire.faults.list(),
    "POST /fault-rules": (body) => {
      for (const rule of z.array(FaultRuleSchema).parse(Array.isArray(body) ? body : [body]))
        range.wire.faults.add(rule);
      return { rules: range.wire.faults.list().length };
    },
    "DELETE /fault-rules": () => {
      range.wire.faults.clear();
      return { rules: 0 };
    },
    "PUT /conditions": (body) => {
      const conditions = Conditions.parse(body ?? {});
      range.setConditions(conditions);
      return conditions;
    },
    "POST /stop": () => {
      setTimeout(deps.stop, 50);
      return { stopping: true };
    },
  };

  const server = createServer(async (request, response) => {
    const { status, body } = await answer(routes, request);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });

  return {
    listen: () => listenOnLoopback(server),
    async close() {
      serving.stop();
      await drill.stop();
      await closeServer(server);
    },
  };
}

async function answer(
  routes: Readonly<Record<string, Route>>,
  request: IncomingMessage,
): Promise<{ status: number; body: unknown }> {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const name = /^\/scenarios\/([^/]+)\/start$/.exec(path)?.[1];
  const route = routes[`${request.method} ${name === undefined ? path : "/scenarios/*/start"}`];
  if (!route) return { status: 404, body: { error: `There is no ${request.method} ${path}.` } };
  try {
    const text = await readBody(request);
    return { status: 200, body: await route(text === "" ? undefined : JSON.parse(text), name ?? "") };
  } catch (error) {
    if (error instanceof ControlError) return { status: error.status, body: { error: error.message } };
    if (error instanceof z.ZodError) return { status: 400, body: { error: z.prettifyError(error) } };
    if (error instanceof SyntaxError) return { status: 400, body: { error: `Not JSON: ${error.message}` } };
    return { status: 500, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}
