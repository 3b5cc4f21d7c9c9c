import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Target, TargetGroup } from "./model.ts";
import { createStickyCookie } from "./sticky-cookie.ts";
import type { TrafficMetrics } from "./traffic-metrics.ts";

/** A target group behind a listener, with the metrics of what it serves. */
export interface Route {
  readonly group: TargetGroup;
  readonly traffic: TrafficMetrics;
}

/** The listener of a load balancer, with the idle timeout of its connections to targets. */
export interface Proxy {
  readonly server: Server;
  /** Answers every request with this status and forwards none; undefined: it forwards. */
  answerItself(status: number | undefined): void;
  /** Drops the kept connections to targets. */
  close(): void;
}

/**
 * An HTTP listener which chooses a group by its weight and hands the request to its next healthy target, or to the one that the client's cookie keeps
 * it at. With no healthy target it fails
 * open, to every registered one, as an Application Load Balancer does.
 */
export function createProxy(routes: readonly Route[], idleTimeoutSeconds: number): Proxy {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 32 });
  const cookie = createStickyCookie();
  let turn = 0;
  let fixedStatus: number | undefined;
  const nextRoute = byWeight(routes);

  function nextTarget(group: TargetGroup, cookies: string | undefined): Target | undefined {
    const registered = [...group.targets.values()].filter((target) => target.health.state !== "draining");
    const healthy = registered.filter((target) => target.health.state === "healthy");
    const candidates = healthy.length > 0 ? healthy : registered;
    const kept = group.stickinessSeconds === undefined ? undefined : cookie.targetOf(cookies, candidates);
    if (kept) return kept;
    turn = (turn + 1) % Number.MAX_SAFE_INTEGER;
    return candidates[turn % Math.max(1, candidates.length)];
  }

  function refuse(
    traffic: TrafficMetrics,
    response: ServerResponse,
    status: 502 | 503 | 504,
    connectionError = false,
  ): void {
    traffic.record({ by: "load-balancer", status, connectionError });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response.writeHead(status, { server: "awselb/2.0", "content-type": "text/html" });
    response.end(`<html><body><center><h1>${status} ${reasonPhrase[status]}</h1></center></body></html>`);
  }

  function answer(status: number, response: ServerResponse): void {
    routes[0]?.traffic.record({ by: "listener", status });
    response.writeHead(status, { server: "awselb/2.0", "content-type": "text/plain" }).end();
  }

  function forward(incoming: IncomingMessage, response: ServerResponse): void {
    if (fixedStatus !== undefined) {
      answer(fixedStatus, response);
      return;
    }
    const { group, traffic } = nextRoute();
    const target = nextTarget(group, incoming.headers.cookie);
    if (!target) {
      refuse(traffic, response, 503);
      return;
    }
    const started = performance.now();
    let settled = false;
    let answered = false;
    target.inFlight += 1;
    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      target.inFlight -= 1;
      return true;
    };
    const upstream = request(
      {
        host: target.address.id,
        port: target.address.port,
        method: incoming.method,
        path: incoming.url,
        headers: { ...incoming.headers, "x-forwarded-proto": "http" },
        agent,
        timeout: idleTimeoutSeconds * 1000,
      },
      (answer) => {
        const seconds = (performance.now() - started) / 1000;
        answered = true;
        traffic.record({ by: "target", status: answer.statusCode ?? 0, seconds });
        const { stickinessSeconds } = group;
        const sticky =
          stickinessSeconds === undefined
            ? {}
            : { "set-cookie": cookie.headerFor(target, stickinessSeconds) };
        response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...sticky });
        answer.pipe(response);
        answer.on("close", settle);
      },
    );
    upstream.on("timeout", () => {
      if (settle()) refuse(traffic, response, 504);
      upstream.destroy();
    });
    upstream.on("error", (error: NodeJS.ErrnoException) => {
      if (settle()) refuse(traffic, response, 502, error.code === "ECONNREFUSED");
    });
    response.on("close", () => {
      if (!settle()) return;
      if (!answered) traffic.record({ by: "client", status: 460 });
      upstream.destroy();
    });
    incoming.pipe(upstream);
  }

  return {
    server: createServer(forward),
    answerItself(status) {
      fixedStatus = status;
    },
    close: () => agent.destroy(),
  };
}

const reasonPhrase = { 502: "Bad Gateway", 503: "Service Temporarily Unavailable", 504: "Gateway Time-out" };

/** Chooses routes in turn so that each gets its share of the weights; the first one where none has any. */
function byWeight(routes: readonly Route[]): () => Route {
  const [first] = routes;
  if (!first) throw new Error("A listener needs a target group.");
  const credit = new Map<Route, number>();
  return () => {
    const weighted = routes.filter(({ group }) => group.weight > 0);
    const total = weighted.reduce((sum, { group }) => sum + group.weight, 0);
    let chosen = first;
    for (const route of weighted) {
      credit.set(route, (credit.get(route) ?? 0) + route.group.weight);
      if (!weighted.includes(chosen) || (credit.get(route) ?? 0) > (credit.get(chosen) ?? 0)) chosen = route;
    }
    credit.set(chosen, (credit.get(chosen) ?? 0) - total);
    return chosen;
  };
}
