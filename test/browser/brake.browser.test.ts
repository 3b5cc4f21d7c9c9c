/** The switch on a phone: what is paused there is not done anywhere, and every open page says so. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findChromium, openPage, startBrowser } from "../support/browser.ts";
import { type CliRun, runCliProcess, startCli } from "../support/cli-process.ts";
import {
  FAST_POLICY,
  type LeakingService,
  memoryAlarmEvent,
  startLeakingService,
} from "../support/leaking-service.ts";

const SECRET = "a-secret-of-at-least-24-characters";
const executable = findChromium();
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

describe.skipIf(executable === undefined)("the switch at the width of a phone", () => {
  let folder: string;
  let service: LeakingService;
  let server: CliRun | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "paused-"));
    writeFileSync(join(folder, "policy.yaml"), `${FAST_POLICY}approvals:\n  httpClients: ["@local"]\n`);
    service = await startLeakingService("shop");
  });
  afterEach(async () => {
    server?.process.kill("SIGKILL");
    await service.stub.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const variables = () => ({
    AWS_ENDPOINT_URL: service.stub.endpoint,
    ECS_CLUSTER: "test",
    OPSAGENT_POLICY: "policy.yaml",
    OPSAGENT_STORE: "sqlite:opsagent.db",
    OPSAGENT_HTTP_TOKENS: `sender:${SECRET}`,
  });

  const serve = async (): Promise<string> => {
    server = startCli(["serve", "--port", "0"], { cwd: folder, variables: variables() });
    let said = "";
    for await (const chunk of server.process.stderr ?? []) {
      said += String(chunk);
      const address = /The dashboard is at (\S+)\//.exec(said)?.[1];
      if (address !== undefined) return address;
    }
    throw new Error(`It did not listen: ${said}`);
  };

  const screenshots = process.env["BROWSER_SCREENSHOTS"];

  it("stops an incident that would be remedied, and another page tells of it at once", async () => {
    const base = await serve();
    const browser = await startBrowser(executable ?? "");
    try {
      const { page, complaints } = await openPage(browser, base, PHONE);
      const other = await openPage(browser, base, PHONE);
      await other.page.goto("/services");
      await other.page.waitForSelector("#stream-state.on");
      await page.goto("/");
      await page.waitForSelector("#stream-state.on");
      if (screenshots) await page.screenshot({ path: join(screenshots, "not-paused.png") });

      await page.tap("button[data-brake=pause]");
      await page.fill("#brake-why", "database move");
      await page.selectOption("#brake-minutes", "120");
      if (screenshots) await page.screenshot({ path: join(screenshots, "dialog.png") });
      await page.tap("#brake-yes");
      await page.waitForSelector("#brake .brake.on");
      const banner = await page.textContent("#brake");
      await other.page.waitForSelector("#brake .brake.on");
      await fetch(`${base}/events`, {
        method: "POST",
        headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
        body: JSON.stringify(memoryAlarmEvent("shop")),
      });
      await page.waitForSelector("#list .badge.escalated");
      const overflow = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
      if (screenshots) await page.screenshot({ path: join(screenshots, "paused.png") });
      const listed = await runCliProcess(["pauses"], { cwd: folder, variables: variables() });

      // With the dates where two hours later is another day.
      expect(banner).toMatch(
        /Paused by @local since (\d{4}-\d\d-\d\d )?\d\d:\d\d until (\d{4}-\d\d-\d\d )?\d\d:\d\d UTC: database move\. Nothing is changed\./,
      );
      expect(service.stoppedTasks()).toEqual([]);
      expect(overflow).toBe(false);
      expect(listed.stdout).toContain("Paused by @local");

      await page.tap("button[data-brake=resume]");
      await page.tap("#brake-yes");
      await page.waitForSelector("button[data-brake=pause]");
      await other.page.waitForSelector("#brake .brake:not(.on)");

      expect(await page.textContent("#brake-said")).toContain("The pause of everything was ended by @local.");
      expect([...complaints, ...other.complaints]).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
