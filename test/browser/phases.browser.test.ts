/** What open pages say of one incident, phase by phase, as its events are appended: no page is loaded again. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Decision } from "../../src/domain/decision.ts";
import type { EventBody, IncidentEvent } from "../../src/domain/incident/incident-event.ts";
import { at } from "../samples/evidence.ts";
import { resolvedIncident } from "../samples/incidents.ts";
import { findChromium, openPage, startBrowser, type WatchedPage } from "../support/browser.ts";
import { type DashboardDesk, openDashboard } from "../support/dashboard-desk.ts";

const executable = findChromium();
/** What is told a second late is told too late; the rest is for this machine. */
const SOON_MS = 1_500;
const PHONE = { viewport: { width: 390, height: 844 } };

const sample = resolvedIncident();
const given = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("the sample lacks it");
  return value;
};
const [evidence, diagnosis, decision] = [
  given(sample.evidence),
  given(sample.diagnosis),
  given(sample.decision),
];
const result = given(sample.actions[0]);
const step = given(result.steps[0]);
const verification = given(sample.verification);
const asking = { ...decision, kind: "ask", why: "Restarts are for a person here." } as Decision;
const { action, target, before, undo } = result;
const first = { attempt: "first" } as const;

const looked = (looks: number, held: number, open?: string): EventBody => ({
  kind: "verification-looked",
  ...first,
  looks,
  held,
  holdLooks: 3,
  checks: [{ condition: "alarm-ok", met: open === undefined, detail: open ?? "the alarm is OK" }],
});
const MADE: readonly Moment[] = [
  [
    {
      kind: "action-claimed",
      ...first,
      effect: "stop-0",
      what: "stop task 4f2a",
      purpose: "action",
      action: { action, target, before, undo },
    },
    "Acting: stop task 4f2a",
    "Acting",
    "restart: under way",
  ],
  [
    { kind: "action-step-ended", ...first, purpose: "action", step: { ...step, what: "stop task 4f2a" } },
    "Acting: stop task 4f2a: done",
    "Acting",
    "restart: under way",
  ],
  [
    { kind: "action-ended", ...first, result },
    "Proving: waiting for the first look",
    "Proving",
    "restart: being proven",
  ],
  [looked(1, 1), "Proving: all conditions met, held 1 of 3 looks", "Proving", "restart: being proven"],
  [
    looked(2, 0, "the alarm is ALARM"),
    "Proving: not yet: alarm OK (the alarm is ALARM)",
    "Proving",
    "restart: being proven",
  ],
  [looked(3, 2), "Proving: all conditions met, held 2 of 3 looks", "Proving", "restart: being proven"],
  [
    { kind: "verified", ...first, verification },
    "Closing: recovery is proven",
    "Closing",
    "restart: recovered",
  ],
  [{ kind: "closed" }, "Resolved closed", "Resolved", "restart: recovered"],
];
const LOOKED_INTO: readonly Moment[] = [
  [
    { kind: "opened", alert: sample.alert, diagnoser: "rules" },
    "Investigating: collecting evidence",
    "Investigating",
    "not yet",
  ],
  [
    { kind: "evidence-collected", ...first, evidence },
    "Investigating: diagnosing from",
    "Investigating",
    "not yet",
  ],
  [
    { kind: "diagnosed", ...first, diagnosis },
    "Investigating: deciding what may be done",
    "Investigating",
    "not yet",
  ],
];

/** An event, what the incident's page says then, and what badge and action of the list say. */
type Moment = readonly [event: EventBody, phase: string, badge: string, action: string];

describe.skipIf(executable === undefined)("the phases of an incident on open pages", () => {
  let browser: Browser;
  let desk: DashboardDesk;
  let id: string;
  let count: number;
  const opened: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    browser = await startBrowser(executable ?? "");
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });

  const start = async () => {
    desk = await openDashboard({ filled: false });
    opened.push(desk);
    id = desk.question.incidentId;
    count = 0;
  };
  const append = async (body: EventBody) => {
    const event = { ...body, incidentId: id, key: `${body.kind}:${count}`, at: at(count) } as IncidentEvent;
    count += 1;
    await desk.store.append([event]);
  };
  const visit = async (path: string): Promise<WatchedPage> => {
    const watched = await openPage(browser, desk.url, PHONE);
    opened.push(watched);
    await watched.page.goto(path);
    await watched.page.waitForSelector("#stream-state.on");
    await watched.page.evaluate("window.loadedOnce = true");
    return watched;
  };
  const textIn = async ({ page }: WatchedPage, selector: string) => {
    const text = await page.textContent(selector, { timeout: SOON_MS }).catch(() => "");
    return (text ?? "").replace(/\s+/g, " ").trim();
  };
  const soon = (read: () => Promise<string>, said: string) =>
    expect.poll(read, { timeout: SOON_MS, interval: 20 }).toContain(said);

  /** Appends each event, and sees both pages say so. */
  const play = async (list: WatchedPage, page: WatchedPage, moments: readonly Moment[]) => {
    for (const [event, phase, badge, action] of moments) {
      await append(event);
      const toTell = [
        soon(() => textIn(page, ".phase-now"), phase),
        soon(() => textIn(page, "#incident .headline .badge"), badge),
        soon(() => textIn(list, "#list .badge"), badge),
        soon(() => textIn(list, "#list td:nth-child(5)"), action),
      ];
      await Promise.all(toTell);
      if (MADE.some(([made]) => made === event)) {
        expect(await textIn(page, "main")).not.toMatch(
          /Action taken:? ?None|Waits for a person|waits for a person/,
        );
      }
    }
  };
  const expectUntroubled = async (pages: readonly WatchedPage[]) => {
    for (const { page, complaints } of pages) {
      expect(await page.evaluate("window.loadedOnce")).toBe(true);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
      expect(complaints).toEqual([]);
    }
  };
  const phases = async ({ page }: WatchedPage) =>
    (await page.locator(".phases li").allTextContents()).map((text) =>
      text.replace(/[^A-Za-z ]| \d.*/g, "").trim(),
    );

  it("follow an action that nobody is asked about", async () => {
    await start();
    const [opening, ...rest] = LOOKED_INTO;
    const list = await visit("/");
    await append(given(opening)[0]);
    await soon(() => textIn(list, "#list .badge"), "Investigating");
    const page = await visit(`/incidents/${id}`);

    await play(list, page, [
      ...rest,
      [{ kind: "decided", ...first, decision }, "Acting: about to restart", "Acting", "not yet"],
      ...MADE,
    ]);

    expect(await phases(page)).toEqual(["Investigating", "Acting", "Proving", "Closing", "Resolved"]);
    await soon(() => textIn(page, "#announce"), "payment-service: Resolved");
    await expectUntroubled([list, page]);
  });

  it("follow a question, the answer given on the page itself, and what is then done", async () => {
    await start();
    const list = await visit("/");
    for (const [event] of LOOKED_INTO) await append(event);
    const page = await visit(`/incidents/${id}`);
    const { question } = desk;
    const { requestedAt, deadline, planHash, plan, why } = question;
    const approval = { id: question.id, requestedAt, deadline, planHash, plan, why };

    await play(list, page, [
      [
        { kind: "decided", ...first, decision: asking },
        "Asking: restart needs a person's yes",
        "Asking",
        "not yet",
      ],
      [
        { kind: "approval-requested", ...first, approval },
        "Asking: scale waits for a person until 07:30:00",
        "Waits for a person",
        "not yet",
      ],
    ]);
    await desk.store.ask(question);
    await page.page.click("button[data-verdict=approve]", { timeout: SOON_MS });
    await soon(() => textIn(list, "#waiting"), "A question waits for a person");
    await page.page.click("#confirm-yes");

    await Promise.all([
      soon(
        () => textIn(page, ".phase-now"),
        "Approved by @local: checking that the service is still as it was judged",
      ),
      soon(() => textIn(page, ".answered"), "Approved by you 07:01:00: scale from 2 to 4 tasks"),
      soon(() => textIn(page, "#answer-said"), "OpsAgent looks at the service once more"),
      soon(() => textIn(list, "#list .badge"), "Checking"),
    ]);
    expect(await page.page.locator("#question").count()).toBe(0);
    // The desk's clock stands a minute after the question.
    count = 61;
    await expect.poll(() => textIn(list, "#waiting"), { timeout: SOON_MS }).toBe("");
    await play(list, page, [
      [
        { kind: "decided", ...first, decision, afterApproval: true },
        "Acting: about to restart",
        "Acting",
        "not yet",
      ],
      ...MADE,
    ]);

    expect(await phases(page)).toEqual([
      "Investigating",
      "Asking",
      "Checking",
      "Acting",
      "Proving",
      "Closing",
      "Resolved",
    ]);
    expect(await textIn(page, ".answered")).toContain("Approved by you 07:01:00");
    expect(await textIn(page, "#answer-said")).toBe("");
    await expectUntroubled([list, page]);
  });

  it("say on both pages that a person said no, and who", async () => {
    await start();
    const list = await visit("/");
    for (const [event] of LOOKED_INTO) await append(event);
    const { question } = desk;
    const { requestedAt, deadline, planHash, plan, why } = question;
    await append({ kind: "decided", ...first, decision: asking });
    await append({
      kind: "approval-requested",
      ...first,
      approval: { id: question.id, requestedAt, deadline, planHash, plan, why },
    });
    await desk.store.ask(question);
    const page = await visit(`/incidents/${id}`);

    await desk.store.answer(question.id, planHash, {
      verdict: "denied",
      at: at(70),
      by: { channel: "cli", id: "maria" },
      note: "it is on purpose",
    });

    await Promise.all([
      soon(() => textIn(page, ".phase-now"), "Closing: the question was denied by maria"),
      soon(() => textIn(page, ".answered"), "Denied by maria on the command line 07:01:10"),
      soon(() => textIn(list, "#list .badge"), "Closing"),
    ]);
    expect(await page.page.locator("button[data-verdict]").count()).toBe(0);
    await expectUntroubled([list, page]);
  });
});
