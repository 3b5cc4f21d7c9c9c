/** The dashboard: pages, their files, and the JSON API that says the same. */
import { type Context, Hono } from "hono";
import { deleteCookie, setCookie } from "hono/cookie";
import { secureHeaders } from "hono/secure-headers";
import { approvalView } from "../../../approval/approval-view.ts";
import type { Approvals } from "../../../approval/approvals.ts";
import type { BrakeControl } from "../../../approval/brake-control.ts";
import { asOpsAgentError } from "../../../domain/errors.ts";
import type { Logger } from "../../../domain/ports.ts";
import { RCA_CONTENT_POLICY, renderRcaHtml } from "../../../reporting/rca/rca-html.ts";
import { renderRca } from "../../../reporting/rca/rca-markdown.ts";
import { takeAnswer } from "../answer-routes.ts";
import { brakeView, takeBrake } from "../brake-routes.ts";
import { refusal, smallBody } from "../client.ts";
import type { HttpToken } from "../tokens.ts";
import { createAuth, type Identity, isSameOrigin, onlyOwnPages, SESSION_COOKIE } from "./auth.ts";
import { BRAKE_SCRIPT } from "./brake-part.ts";
import { CLIENT_SCRIPT, ICON } from "./client-script.ts";
import { costPage, scorecardPage, servicesPage } from "./figures-pages.ts";
import type { Html } from "./html.ts";
import { incidentPage } from "./incident-page.ts";
import { incidentsPage } from "./incidents-page.ts";
import { type PageFrame, page } from "./layout.ts";
import { createLive } from "./live.ts";
import { createReading, type ListQuery, type ReadingDependencies } from "./reading.ts";
import { messagePage, signInPage } from "./simple-pages.ts";
import { createStream } from "./stream.ts";
import { DASHBOARD_STYLE } from "./style.ts";

/** What a server says about the dashboard that it offers. */
export interface DashboardSettings extends Omit<ReadingDependencies, "now"> {
  /** The server listens on a loopback address only, so that reading needs no token. */
  readonly loopback: boolean;
  /** Ends the streams of pages that are open, so that the server can close. */
  readonly closing?: AbortSignal | undefined;
}

export interface DashboardDependencies extends DashboardSettings {
  readonly approvals: Approvals;
  readonly brake: BrakeControl;
  readonly tokens: readonly HttpToken[];
  readonly logger: Logger;
  readonly now: () => Date;
}

type Variables = { Variables: { identity: Identity } };
type Ctx = Context<Variables>;

const MAX_BODY_BYTES = 16 * 1_024;

const SELF = ["'self'"];
const NONE = ["'none'"];

const secured = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: NONE,
    scriptSrc: SELF,
    styleSrc: SELF,
    imgSrc: SELF,
    connectSrc: SELF,
    formAction: SELF,
    baseUri: NONE,
    frameAncestors: NONE,
  },
  // Not no-referrer: browsers then send no origin with forms, by which they are known to be ours.
  referrerPolicy: "same-origin",
  xFrameOptions: "DENY",
  // Plain HTTP on loopback is the default; whoever ends TLS in front of this server decides for the whole host.
  strictTransportSecurity: false,
  // The written report has a policy of its own.
  overwrite: false,
});

export function dashboardRoutes(deps: DashboardDependencies): Hono<Variables> {
  const auth = createAuth(deps);
  const reading = createReading(deps);
  const stream = createStream(createLive(deps.store, deps.logger), deps.closing);
  const routes = new Hono<Variables>();

  const policyNow = async () => (await deps.policyState?.())?.policy ?? deps.policy;
  const show = async (
    c: Ctx,
    frame: Omit<PageFrame, "identity" | "now" | "brake">,
    body: Html,
    status: 200 | 401 | 403 | 404 | 503 = 200,
  ) => {
    const identity = c.get("identity") as Identity | undefined;
    const brake = identity && {
      state: await deps.brake.state(),
      allowed: auth.answersAs(identity, await policyNow()).allowed,
    };
    return c.html(page({ ...frame, identity, brake, now: deps.now() }, body), status);
  };

  routes.onError((thrown, c) => {
    const { code, message, remedy } = asOpsAgentError(thrown);
    deps.logger.error("http-fault", { path: c.req.path, code, error: message });
    const said =
      code === "internal"
        ? { code, message: "OpsAgent failed to answer.", remedy: "Try again, then look at OpsAgent's log." }
        : { code, message, remedy };
    if (isApi(c)) return c.json(said, 503);
    return show(
      c as Ctx,
      { title: "Not now" },
      messagePage("This cannot be shown now", said.message, said.remedy),
      503,
    );
  });

  const onlyViewers = async (c: Ctx, next: () => Promise<void>) => {
    const identity = auth.identity(c);
    if (identity !== undefined) {
      c.set("identity", identity);
      return next();
    }
    deps.logger.warn("http-refused", { path: c.req.path, reason: "not signed in" });
    if (isApi(c)) {
      return refusal(c, 401, {
        code: "unauthorized",
        message: "The dashboard's API needs a session or a token.",
        remedy: "Send `Authorization: Bearer SECRET` with a secret from OPSAGENT_HTTP_TOKENS, or sign in.",
      });
    }
    if (auth.hasTokens) {
      const to = `${c.req.path}${new URL(c.req.url).search}`;
      return c.redirect(`/sign-in?to=${encodeURIComponent(to)}`, 303);
    }
    return show(
      c,
      { title: "Not here" },
      messagePage(
        "Not under this address",
        "Without tokens the dashboard is for this machine only, under the name localhost or 127.0.0.1.",
        "To open it to others, set OPSAGENT_HTTP_TOKENS and start `opsagent serve` again.",
      ),
      403,
    );
  };

  /** The paths are listed, so that addresses which are none of the dashboard's stay as they are. */
  const get = (path: string, answer: (c: Ctx) => Response | Promise<Response>) =>
    routes.get(path, secured, onlyViewers, answer);
  const file = (path: string, type: string, text: string) =>
    routes.get(path, secured, (c) => c.body(text, 200, { "content-type": type }));
  file("/assets/style.css", "text/css; charset=utf-8", DASHBOARD_STYLE);
  file("/assets/client.js", "text/javascript; charset=utf-8", `${CLIENT_SCRIPT}${BRAKE_SCRIPT}`);
  file("/assets/icon.svg", "image/svg+xml", ICON);

  get("/", async (c) => {
    const query = queryOf(c);
    const [{ summaries, next }, waiting] = await Promise.all([reading.incidents(query), reading.waiting()]);
    const named = [
      ...Object.keys(deps.policy.services),
      ...summaries.flatMap(({ service }) => service ?? []),
    ];
    const body = incidentsPage({ query, summaries, next, waiting, services: [...new Set(named)].sort() });
    const live = query.after ? undefined : {};
    return show(c, { title: "Incidents", here: "/", live }, body);
  });
  get("/services", async (c) =>
    show(c, { title: "Services", here: "/services", live: {} }, servicesPage(await reading.services())),
  );
  get("/scorecard", async (c) =>
    show(c, { title: "Scorecard", here: "/scorecard" }, scorecardPage(await reading.scorecard())),
  );
  get("/cost", async (c) => show(c, { title: "Cost", here: "/cost" }, costPage(await reading.cost())));
  get("/incidents/:id", async (c) => {
    const id = c.req.param("id") ?? "";
    const [view, events] = await Promise.all([reading.incident(id), deps.store.eventsOf(id)]);
    if (view === undefined) return noIncident(c);
    const answering = { ...auth.answersAs(c.get("identity"), await policyNow()), canSignIn: auth.hasTokens };
    const body = incidentPage({ ...view, events }, answering, deps.now());
    return show(c, { title: id, live: { incident: id } }, body);
  });
  get("/incidents/:id/rca", async (c) => {
    const view = await reading.incident(c.req.param("id") ?? "");
    if (view === undefined) return noIncident(c);
    return c.html(renderRcaHtml(view.incident, view.earlier), 200, {
      "content-security-policy": `${RCA_CONTENT_POLICY}; frame-ancestors 'none'`,
    });
  });
  get("/incidents/:id/rca.md", async (c) => {
    const view = await reading.incident(c.req.param("id") ?? "");
    if (view === undefined) return noIncident(c);
    return c.body(renderRca(view.incident, view.earlier), 200, {
      "content-type": "text/markdown; charset=utf-8",
    });
  });

  const held = async () => brakeView(await deps.brake.state());
  get("/api/brake", async (c) => c.json(await held()));
  get("/api/incidents", async (c) =>
    c.json({ ...(await reading.incidents(queryOf(c))), brake: await held() }),
  );
  get("/api/incidents/:id", async (c) => {
    const view = await reading.incident(c.req.param("id") ?? "");
    if (view === undefined) return noIncident(c);
    return c.json({ ...view, approvals: view.approvals.map(approvalView), brake: await held() });
  });
  get("/api/services", async (c) => c.json({ ...(await reading.services()), brake: await held() }));
  get("/api/scorecard", async (c) => c.json(await reading.scorecard()));
  get("/api/cost", async (c) => c.json(await reading.cost()));
  get("/api/live", (c) => stream(c, c.req.query("incident")));

  const answersHere = onlyOwnPages(
    deps.logger,
    "Answer on the incident's page, or with a token at /incidents/ID/approve.",
  );
  const brakesHere = onlyOwnPages(
    deps.logger,
    "Use the switch on the page, or a token at /pause and /resume.",
  );
  const body = smallBody(MAX_BODY_BYTES);
  for (const what of ["pause", "resume"] as const) {
    routes.post(`/api/${what}`, secured, onlyViewers, body, brakesHere, (c) => {
      const { id: by } = auth.answersAs(c.get("identity"));
      return takeBrake(c, deps.brake, { what, by, via: "dashboard", now: deps.now() });
    });
  }
  for (const [path, verdict] of [
    ["approve", "approved"],
    ["deny", "denied"],
  ] as const) {
    routes.post(`/api/incidents/:id/${path}`, secured, onlyViewers, body, answersHere, async (c) => {
      const { id: client } = auth.answersAs(c.get("identity"));
      return takeAnswer(c, deps.approvals, { verdict, client, incidentId: c.req.param("id") });
    });
  }

  routes.get("/sign-in", secured, async (c) => {
    if (!auth.hasTokens) return c.redirect("/", 303);
    return show(c, { title: "Sign in" }, signInPage(ownPath(c.req.query("to")), false));
  });
  routes.post("/sign-in", secured, smallBody(MAX_BODY_BYTES), async (c) => {
    if (!isSameOrigin(c)) return otherOrigin(c);
    const form = new URLSearchParams(await c.req.text());
    const to = ownPath(form.get("to") ?? undefined);
    const session = auth.signIn((form.get("token") ?? "").trim());
    if (session === undefined) {
      deps.logger.warn("http-refused", { path: c.req.path, reason: "no known token" });
      return show(c, { title: "Sign in" }, signInPage(to, true), 401);
    }
    deps.logger.info("dashboard-signed-in", { client: session.name });
    const secure = new URL(c.req.url).protocol === "https:" || c.req.header("x-forwarded-proto") === "https";
    setCookie(c, SESSION_COOKIE, session.cookie, {
      httpOnly: true,
      sameSite: "Strict",
      path: "/",
      secure,
      maxAge: session.seconds,
    });
    return c.redirect(to, 303);
  });
  routes.post("/sign-out", secured, smallBody(MAX_BODY_BYTES), (c) => {
    if (!isSameOrigin(c)) return otherOrigin(c);
    deleteCookie(c, SESSION_COOKIE, { path: "/" });
    return c.redirect("/", 303);
  });
  return routes;

  function noIncident(c: Ctx): Response | Promise<Response> {
    if (isApi(c)) {
      return refusal(c, 404, {
        code: "incident-unknown",
        message: "There is no such incident.",
        remedy: "GET /api/incidents lists those there are.",
      });
    }
    return show(
      c,
      { title: "Unknown" },
      messagePage("There is no such incident", "It may be in another store, or the address is wrong."),
      404,
    );
  }
}

function isApi(c: Context): boolean {
  return c.req.path.startsWith("/api/");
}

function queryOf(c: Context): ListQuery {
  const { status, service, after } = c.req.query();
  return { status, service: service?.trim(), after };
}

function otherOrigin(c: Context): Response {
  return refusal(c, 403, {
    code: "other-origin",
    message: "The request does not come from this dashboard's own page.",
    remedy: "Open the dashboard itself and try again.",
  });
}

/** A path of this server to go on to; never another site. */
function ownPath(to: string | undefined): string {
  return to !== undefined && /^\/(?![/\\])[^\\\s]*$/.test(to) ? to : "/";
}
