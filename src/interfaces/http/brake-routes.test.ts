import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { at } from "../../../test/samples/evidence.ts";
import { type DashboardDesk, openDashboard } from "../../../test/support/dashboard-desk.ts";
import { type HttpDesk, openHttpDesk, PAGER_SECRET, READER_SECRET } from "../../../test/support/http-desk.ts";
import { Policy } from "../../domain/policy.ts";

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const post = (body: unknown, headers: Record<string, string>): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: typeof body === "string" ? body : JSON.stringify(body),
});

describe("a client with a token", () => {
  let desk: HttpDesk;
  beforeEach(async () => {
    desk = await openHttpDesk();
  });
  afterEach(() => desk.close());

  const inForce = () => desk.store.pauses(at(60));

  it("pauses everything, and is told what holds now", async () => {
    const answer = await desk.request("/pause", post({ why: "database move" }, bearer(PAGER_SECRET)));

    expect(answer).toMatchObject({
      status: 200,
      json: {
        outcome: "paused",
        message: expect.stringMatching(/^Paused by pager since .*: database move\./),
      },
    });
    expect(await inForce()).toEqual([
      { scope: { kind: "all" }, by: "pager", at: at(60), via: "http", why: "database move" },
    ]);
  });

  it("pauses a service for so many minutes, and ends that pause", async () => {
    await desk.request("/pause", post({ service: "shop", cluster: "c", minutes: 90 }, bearer(PAGER_SECRET)));
    const [pause] = await inForce();

    const answer = await desk.request("/resume", post({ service: "shop" }, bearer(PAGER_SECRET)));

    expect(pause).toMatchObject({ scope: { service: "shop", cluster: "c" }, until: at(60 + 90 * 60) });
    expect(answer).toMatchObject({ status: 200, json: { outcome: "resumed", brake: { pauses: [] } } });
    expect(await inForce()).toEqual([]);
  });

  it("may look with any token", async () => {
    await desk.request("/pause", post({}, bearer(PAGER_SECRET)));

    const answer = await desk.request("/pauses", { headers: bearer(READER_SECRET) });

    expect(answer).toMatchObject({
      status: 200,
      json: { pauses: [{ by: "pager" }], says: [expect.stringMatching(/Nothing is changed\.$/)] },
    });
  });

  it.each(["/pause", "/resume"])("that may not answer is refused and told: POST %s", async (path) => {
    await desk.store.pause({ scope: { kind: "all" }, by: "ann", at: at(0), via: "cli" });

    const answer = await desk.request(path, post({}, bearer(READER_SECRET)));

    expect(answer).toMatchObject({
      status: 403,
      json: { code: "not-allowed", remedy: expect.stringContaining("approvals.httpClients") },
    });
    expect(await inForce()).toMatchObject([{ by: "ann" }]);
  });

  it("is told with 409 that there is nothing to resume", async () => {
    const answer = await desk.request("/resume", post({}, bearer(PAGER_SECRET)));

    expect(answer).toMatchObject({ status: 409, json: { code: "not-paused" } });
  });

  it.each([
    ["no JSON", "x", 400],
    ["a time in the past", { minutes: -5 }, 400],
    ["no end in sight", { minutes: 1e9 }, 400],
    ["a key that nobody reads", { sevice: "shop" }, 400],
    ["a cluster alone", { cluster: "c" }, 400],
    ["an empty service, which would be everything", { service: " " }, 400],
    ["a reason beyond all bounds", { why: "x".repeat(501) }, 400],
    ["a body beyond all bounds", { why: "x".repeat(20_000) }, 413],
  ])("pauses nothing with %s", async (_, body, status) => {
    const answer = await desk.request("/pause", post(body, bearer(PAGER_SECRET)));

    expect(answer).toMatchObject({ status, json: { remedy: expect.any(String) } });
    expect(await inForce()).toEqual([]);
  });

  it.each(["/pause", "/resume"])("has to be one: POST %s", async (path) => {
    const unknown = await desk.request(path, post({}, bearer("a-guess-of-at-least-24-characters")));
    const form = await desk.request(path, {
      ...post("{}", bearer(PAGER_SECRET)),
      headers: { ...bearer(PAGER_SECRET), "content-type": "text/plain" },
    });

    expect([unknown.status, form.status]).toEqual([401, 415]);
    expect(await inForce()).toEqual([]);
  });
});

describe("the switch on the dashboard", () => {
  let desk: DashboardDesk;
  afterEach(() => desk.close());

  const own = () => ({ origin: desk.url, "sec-fetch-site": "same-origin", "x-opsagent-dashboard": "1" });

  it("pauses and resumes from the dashboard's own page, under the reader's name", async () => {
    desk = await openDashboard();

    const paused = await desk.request("/api/pause", post({ minutes: 30 }, own()));
    const [pause] = await desk.store.pauses(at(60));
    const resumed = await desk.request("/api/resume", post({}, own()));

    expect([paused.status, resumed.status]).toEqual([200, 200]);
    expect(pause).toMatchObject({ scope: { kind: "all" }, by: "@local", via: "dashboard", until: at(1_860) });
    expect(await desk.store.pauses(at(60))).toEqual([]);
  });

  it.each([
    ["another site", () => ({ ...own(), origin: "https://evil.example" })],
    ["a form", () => ({ origin: desk.url, "sec-fetch-site": "same-origin" })],
    ["another site's script", () => ({ ...own(), "sec-fetch-site": "cross-site" })],
  ])("takes nothing from %s", async (_, headers) => {
    desk = await openDashboard();

    const answer = await desk.request("/api/pause", post({}, headers()));

    expect(answer).toMatchObject({ status: 403, json: { code: "other-origin" } });
    expect(await desk.store.pauses(at(60))).toEqual([]);
  });

  it("is not there for a reader who may not answer, and a request of theirs is refused", async () => {
    desk = await openDashboard({ policy: Policy.parse({}) });

    const page = await desk.request("/");
    const answer = await desk.request("/api/pause", post({}, own()));

    expect(page.text).not.toContain("data-brake");
    expect(answer.status).toBe(403);
    expect(await desk.store.pauses(at(60))).toEqual([]);
  });

  it.each(["/", "/services", "/scorecard", "/cost", "/incidents/none"])(
    "is on the page %s with what is paused",
    async (path) => {
      desk = await openDashboard();
      const before = await desk.request(path);
      await desk.store.pause({
        scope: { kind: "all" },
        by: "ann<script>",
        at: at(0),
        via: "cli",
        why: "database move",
      });

      const { text } = await desk.request(path);

      expect(before.text).toContain("Pause OpsAgent</button>");
      expect(before.text).not.toContain("Nothing is changed.");
      expect(text).toContain("Paused by ann&lt;script&gt; since 07:00 UTC, until somebody resumes");
      expect(text).toContain("database move. Nothing is changed.");
      expect(text).toContain("Resume OpsAgent</button>");
    },
  );

  it("is on an incident's page", async () => {
    desk = await openDashboard();
    await desk.store.pause({ scope: { kind: "service", service: "shop" }, by: "ann", at: at(0), via: "cli" });

    const { text } = await desk.request(`/incidents/${desk.question.incidentId}`);

    expect(text).toContain(
      "shop is paused by ann since 07:00 UTC, until somebody resumes. Nothing is changed there.",
    );
    expect(text).toContain('data-service="shop">Resume shop</button>');
    expect(text).toContain("Pause OpsAgent</button>");
  });

  it("has the same in the JSON API", async () => {
    desk = await openDashboard();
    await desk.store.pause({ scope: { kind: "all" }, by: "ann", at: at(0), via: "slack" });

    const incident = `/api/incidents/${desk.question.incidentId}`;
    for (const path of ["/api/brake", "/api/incidents", incident, "/api/services"]) {
      const { json } = await desk.request(path);
      const brake = path === "/api/brake" ? json : json?.["brake"];
      expect(brake, path).toMatchObject({
        pauses: [{ by: "ann", via: "slack" }],
        says: [expect.stringMatching(/^Paused by ann since .* Nothing is changed\.$/)],
      });
    }
  });
});
