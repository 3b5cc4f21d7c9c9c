import { request as rawRequest } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DashboardDesk, openDashboard } from "../../../../test/support/dashboard-desk.ts";
import { PAGER_SECRET, READER_SECRET } from "../../../../test/support/http-desk.ts";

let desk: DashboardDesk;
afterEach(() => desk.close());

/** As a browser or a proxy could send it: fetch would not let these headers be set. */
function raw(
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; location: string | undefined }> {
  const { hostname, port } = new URL(desk.url);
  return new Promise((resolve, reject) => {
    const sent = rawRequest({ hostname, port, path, headers }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode ?? 0, location: answer.headers.location });
    });
    sent.once("error", reject).end();
  });
}

describe("on loopback", () => {
  beforeEach(async () => {
    desk = await openDashboard();
  });

  it.each(["localhost:1", "127.0.0.1", "127.8.8.8:80", "[::1]:9"])("is open to read as %s", async (host) => {
    expect((await raw("/api/incidents", { host })).status).toBe(200);
  });

  it.each([
    ["a name that points here", { host: "evil.example" }],
    ["a name that looks like it", { host: "127.0.0.1.evil.example" }],
    ["what a proxy passed on", { host: "127.0.0.1", "x-forwarded-for": "10.1.1.1" }],
    ["what another proxy passed on", { host: "localhost", forwarded: "for=10.1.1.1" }],
  ])("wants a token for %s", async (_, headers) => {
    expect((await raw("/api/incidents", headers)).status).toBe(401);
    expect(await raw("/services", headers)).toMatchObject({
      status: 303,
      location: "/sign-in?to=%2Fservices",
    });
  });

  const approve = (headers: Record<string, string>) =>
    desk.request(`/api/incidents/${desk.question.incidentId}/approve`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ planHash: desk.question.planHash }),
    });
  const own = () => ({ origin: desk.url, "x-opsagent-dashboard": "1" });

  it.each<[string, () => Record<string, string>]>([
    ["another origin", () => ({ ...own(), origin: "https://evil.example" })],
    ["another port of this machine", () => ({ ...own(), origin: "http://127.0.0.1:1" })],
    ["no origin", () => ({ "x-opsagent-dashboard": "1" })],
    ["an opaque origin", () => ({ ...own(), origin: "null" })],
    ["no header of the page's script", () => ({ origin: desk.url })],
    ["another site by the browser's word", () => ({ ...own(), "sec-fetch-site": "cross-site" })],
  ])("takes no answer from %s", async (_, headers) => {
    const answer = await approve(headers());

    expect(answer).toMatchObject({ status: 403, json: { code: "other-origin" } });
    expect((await desk.store.approval(desk.question.id))?.answer).toBeUndefined();
  });

  it("takes the page's own answer, once, under the name of this machine", async () => {
    const [first, second] = [await approve(own()), await approve(own())];

    expect([first.status, second.status]).toEqual([200, 409]);
    expect((await desk.store.approval(desk.question.id))?.answer?.by).toEqual({
      channel: "http",
      id: "@local",
    });
  });
});

it("lets nobody answer without a token whom the policy does not list", async () => {
  const { ALLOWED_POLICY } = await import("../../../../test/support/approval-desk.ts");
  desk = await openDashboard({ policy: ALLOWED_POLICY });
  const { incidentId, planHash, id } = desk.question;

  const answer = await desk.request(`/api/incidents/${incidentId}/approve`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: desk.url, "x-opsagent-dashboard": "1" },
    body: JSON.stringify({ planHash }),
  });

  expect(answer.status).toBe(403);
  expect((await desk.store.approval(id))?.answer).toBeUndefined();
});

describe("beyond loopback", () => {
  beforeEach(async () => {
    desk = await openDashboard({ loopback: false });
  });

  const signIn = (token: string, headers: Record<string, string> = { origin: desk.url }, to = "/cost") =>
    fetch(`${desk.url}/sign-in`, {
      method: "POST",
      redirect: "manual",
      headers: { ...headers, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ token, to }),
    });

  it.each(["/", "/services", "/api/incidents", "/api/live", "/incidents/x/rca", "/api/cost"])(
    "shows nothing without a token: %s",
    async (path) => {
      const answer = await fetch(`${desk.url}${path}`, { redirect: "manual" });

      expect(answer.status).toBe(path.startsWith("/api/") ? 401 : 303);
      expect(await answer.text()).not.toContain("payment");
    },
  );

  it("gives a session that holds no secret, cannot be forged, and ends", async () => {
    const answer = await signIn(PAGER_SECRET);
    const cookie = answer.headers.get("set-cookie") ?? "";
    const value = cookie.split(";")[0] ?? "";
    const look = async (given: string) =>
      (await fetch(`${desk.url}/api/cost`, { headers: { cookie: given } })).status;

    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/cost"]);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).not.toContain(PAGER_SECRET);
    expect(await look(value)).toBe(200);
    expect(await look(value.replace("pager", "reader"))).toBe(401);
    expect(await look(`${value.slice(0, -1)}${value.endsWith("0") ? "1" : "0"}`)).toBe(401);
    desk.second += 13 * 3_600;
    expect(await look(value)).toBe(401);
  });

  it("takes a token in a header too, and no wrong one anywhere", async () => {
    const bearer = await desk.request("/api/incidents", {
      headers: { authorization: `Bearer ${READER_SECRET}` },
    });

    expect(bearer.status).toBe(200);
    expect((await signIn("x".repeat(28))).status).toBe(401);
    expect((await signIn(PAGER_SECRET, { origin: "https://evil.example" })).status).toBe(403);
  });

  it.each(["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])(
    "goes on to no other site: %s",
    async (to) => {
      expect((await signIn(PAGER_SECRET, undefined, to)).headers.get("location")).toBe("/");
    },
  );
});

describe("the headers of every page", () => {
  const PAGES = ["/", "/services", "/incidents/none", "/sign-in", "/assets/client.js", "/api/incidents"];
  const REPORT = "/incidents/inc-resolvedincident/rca";
  const POLICY =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  beforeEach(async () => {
    desk = await openDashboard();
  });

  const headersOf = async (path: string) => Object.fromEntries((await desk.request(path)).headers);
  const strict = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
  };

  it.each(PAGES)("allow nothing from elsewhere and no frame: %s", async (path) => {
    expect(await headersOf(path)).toMatchObject({ ...strict, "content-security-policy": POLICY });
  });

  it("allow the written report its own style only", async () => {
    const headers = await headersOf(REPORT);

    expect(headers).toMatchObject(strict);
    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; frame-ancestors 'none'$/,
    );
  });

  it.each(["/", "/api/incidents", "/incidents/any"])(
    "are the same when the store fails: %s",
    async (path) => {
      desk.store.close();

      const { status, headers } = await desk.request(path);

      expect(status).toBe(503);
      expect(Object.fromEntries(headers)).toMatchObject({ ...strict, "content-security-policy": POLICY });
    },
  );

  it("ask no browser for HTTPS, which a server on this machine does not speak", async () => {
    expect(await headersOf("/")).not.toHaveProperty("strict-transport-security");
  });
});
