/** The dashboard in a real Chromium: `npm run test:browser`. */
import axe from "axe-core";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { failedIncident, resolvedIncident } from "../samples/incidents.ts";
import { findChromium, openPage, startBrowser, type WatchedPage } from "../support/browser.ts";
import { type DashboardDesk, openDashboard } from "../support/dashboard-desk.ts";
import { PAGER_SECRET } from "../support/http-desk.ts";
import { keepRecord, keepWord } from "../support/keep-record.ts";

const executable = findChromium();

const PAGES = [
  "/",
  "/?status=escalated&service=payment-service",
  "/?service=nobody",
  "/services",
  "/scorecard",
  "/cost",
  "/incidents/inc-resolvedincident",
  "/incidents/inc-furtherattempt",
  "/incidents/inc-failedincident",
  "/incidents/inc-resolvedincident/rca",
  "/incidents/inc-furtherattempt/rca",
  "/sign-in",
];
const LOOKS: readonly (readonly [string, BrowserContextOptions])[] = [
  ["light", { viewport: { width: 1280, height: 900 }, colorScheme: "light" }],
  ["dark", { viewport: { width: 1280, height: 900 }, colorScheme: "dark" }],
  ["phone", { viewport: { width: 360, height: 740 }, colorScheme: "dark" }],
];

describe.skipIf(executable === undefined)("the dashboard", () => {
  let browser: Browser;
  let desk: DashboardDesk;
  const opened: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    browser = await startBrowser(executable ?? "");
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });

  const start = async (options: Parameters<typeof openDashboard>[0] = {}) => {
    desk = await openDashboard(options);
    opened.push(desk);
  };
  const visit = async (path: string, options?: BrowserContextOptions): Promise<WatchedPage> => {
    const watched = await openPage(browser, desk.url, options);
    opened.push(watched);
    await watched.page.goto(path);
    return watched;
  };

  it("loads every page without an error, a request elsewhere, or a line that does not fit a phone", async () => {
    await start();
    const waiting = `/incidents/${desk.question.incidentId}`;
    const { page, complaints } = await visit("/", { viewport: { width: 360, height: 740 } });

    for (const path of [...PAGES, waiting]) {
      const answer = await page.goto(path);
      expect([path, answer?.status()]).toEqual([path, 200]);
      const width = await page.evaluate<number>("document.documentElement.scrollWidth");
      expect([path, width]).toEqual([path, 360]);
    }
    expect(complaints).toEqual([]);
  });

  it.each(LOOKS)("has no serious finding of accessibility on any page: %s", async (_, look) => {
    await start();
    const waiting = `/incidents/${desk.question.incidentId}`;
    // The checker is put into the page, which the pages' own policy forbids to everybody else.
    const { page } = await visit("/", { ...look, bypassCSP: true });

    const findings: string[] = [];
    for (const path of [...PAGES, waiting]) {
      await page.goto(path);
      if (path === waiting) await page.click("button[data-verdict=approve]");
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<axe.AxeResults>("axe.run()");
      for (const { id, impact, nodes } of violations)
        if (impact === "serious" || impact === "critical")
          findings.push(`${path} ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
    }
    expect(findings).toEqual([]);
  });

  it("has empty pages that tell the next step, as accessible as the others", async () => {
    await start({ filled: false });
    const { page, complaints } = await visit("/", { bypassCSP: true });

    for (const [path, step] of [
      ["/", "opsagent drill"],
      ["/services", "policy explain"],
      ["/scorecard", "opsagent judge"],
      ["/cost", "OPENROUTER_API_KEY"],
    ] as const) {
      await page.goto(path);
      expect(await page.textContent("main")).toContain(step);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<axe.AxeResults>("axe.run()");
      expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });

  it("shows a new incident, and its end, without being asked, and tells a screen reader", async () => {
    await start({ filled: false });
    const { page, complaints } = await visit("/");
    await page.waitForSelector("#stream-state.on");

    await keepRecord(desk.store, { ...resolvedIncident(), status: "open" });
    await page.waitForSelector(".badge.open");
    await keepRecord(desk.store, resolvedIncident());
    await page.waitForSelector(".badge.resolved");

    expect(await page.textContent("#announce")).toBe("payment-service: Resolved");
    expect(complaints).toEqual([]);
  });

  it("takes an approval by keyboard alone, for exactly the plan that was shown", async () => {
    await start();
    const { page, complaints } = await visit(`/incidents/${desk.question.incidentId}`);
    const focused = () => page.evaluate<string>("document.activeElement.textContent.trim()");
    const tabTo = async (text: string, key = "Tab") => {
      for (let presses = 0; presses < 40 && (await focused()) !== text; presses++)
        await page.keyboard.press(key);
      expect(await focused()).toBe(text);
    };

    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to content");
    await page.keyboard.press("Enter");
    await tabTo("Approve …");
    await page.keyboard.press("Enter");
    expect(await focused()).toBe("Cancel");
    await page.keyboard.press("Escape");
    expect((await desk.store.approval(desk.question.id))?.answer).toBeUndefined();
    expect(await focused()).toBe("Approve …");
    await page.keyboard.press("Enter");
    expect(await page.textContent("#confirm")).toContain(
      "scale from 2 to 4 tasks on production/payment-service",
    );
    await tabTo("Approve this change", "Shift+Tab");
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await desk.store.approval(desk.question.id))?.answer).toBeDefined();

    const kept = await desk.store.approval(desk.question.id);
    expect(kept?.answer).toMatchObject({ verdict: "approved", by: { channel: "http", id: "@local" } });
    expect(desk.resumed).toEqual([{ callbackId: desk.question.callbackId, verdict: "approved" }]);
    expect(complaints).toEqual([]);
  });

  it("shows no button to whom the policy does not let answer, and says how to", async () => {
    await start({ loopback: false });
    const { page } = await visit("/");
    await page.fill("#token", "not-the-token-of-anybody-here");
    await page.click("button");
    expect(await page.textContent("[role=alert]")).toContain("not known");
    await page.fill("#token", PAGER_SECRET);
    await page.click("button");
    await page.goto(`/incidents/${desk.question.incidentId}`);

    expect(await page.locator("button[data-verdict]").count()).toBe(2);
    expect(await page.textContent(".answers")).toContain("pager");
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict" });
    expect(cookie?.value).not.toContain(PAGER_SECRET);
    await page.click("text=Sign out pager");
    expect(await page.textContent("h1")).toBe("Sign in");
  });

  it("shows what strangers wrote as text, wherever it stands", async () => {
    await start({ filled: false });
    const corpus = [
      "<script>window.pwned=1</script>",
      "<img src=x onerror=window.pwned=1>",
      '"><svg onload=window.pwned=1>',
      "'-window.pwned-'",
      "</title><script>window.pwned=1</script>",
      "</textarea><iframe src=javascript:window.pwned=1></iframe>",
      "javascript:window.pwned=1",
      "</style><script>window.pwned=1</script>",
      "&lt;script&gt;window.pwned=1&lt;/script&gt;",
      "{{constructor.constructor('window.pwned=1')()}}",
      "$\u007bwindow.pwned=1}",
      "\u202e<b>gnirts\u2066",
    ].join(" ");
    const sample = resolvedIncident();
    const evidence = sample.evidence && {
      ...sample.evidence,
      lastLines: [corpus],
      facts: sample.evidence.facts.map((fact) => ({ ...fact, statement: corpus })),
      gaps: [{ source: corpus, code: corpus, message: corpus, remedy: corpus, important: true }],
    };
    const id = "inc-hostile";
    await keepRecord(desk.store, {
      ...sample,
      id,
      summary: corpus,
      target: { cluster: corpus, service: corpus },
      alert: { ...sample.alert, title: corpus },
      ...(sample.diagnosis
        ? { diagnosis: { ...sample.diagnosis, rootCause: corpus, rca: corpus, nextSteps: [corpus] } }
        : {}),
      ...(evidence ? { evidence } : {}),
    });
    await keepRecord(desk.store, { ...failedIncident(), id: "inc-<script>window.pwned=1</script>" });
    await keepWord(desk.store, {
      incidentId: id,
      key: "k",
      event: corpus,
      detail: corpus,
      at: sample.openedAt,
    });
    const { page, complaints } = await visit("/");

    for (const path of [
      "/",
      `/?service=${encodeURIComponent(corpus)}&status=${encodeURIComponent(corpus)}`,
      `/incidents/${id}`,
      `/incidents/${encodeURIComponent("inc-<script>window.pwned=1</script>")}`,
      `/incidents/${id}/rca`,
      "/services",
      "/scorecard",
      "/cost",
    ]) {
      await page.goto(path);
      expect([path, await page.evaluate("window.pwned")]).toEqual([path, undefined]);
      const foreign =
        "document.querySelectorAll('script:not([src=\"/assets/client.js\"]), img, iframe, [onload], [onerror], main b').length";
      expect([path, await page.evaluate(foreign)]).toEqual([path, 0]);
    }
    await page.goto(`/incidents/${id}`);
    expect(await page.textContent("main")).toContain("<img src=x onerror=window.pwned=1>");
    expect(complaints).toEqual([]);
  });
});
