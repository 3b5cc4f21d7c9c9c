/** From the alarm to the mended service, with a person who answers in the browser: real server, engine and store. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findChromium, openPage, startBrowser } from "../support/browser.ts";
import { type CliRun, startCli } from "../support/cli-process.ts";
import {
  FAST_POLICY,
  type LeakingService,
  memoryAlarmEvent,
  startLeakingService,
} from "../support/leaking-service.ts";

const SECRET = "a-secret-of-at-least-24-characters";
const executable = findChromium();

describe.skipIf(executable === undefined)("an incident that waits for a person", () => {
  let folder: string;
  let service: LeakingService;
  let server: CliRun | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "answered-"));
    writeFileSync(join(folder, "policy.yaml"), `${FAST_POLICY}approvals:\n  httpClients: ["@local"]\n`);
    service = await startLeakingService("shop");
  });
  afterEach(async () => {
    server?.process.kill("SIGKILL");
    await service.stub.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const serve = async (): Promise<string> => {
    server = startCli(["serve", "--port", "0"], {
      cwd: folder,
      variables: {
        AWS_ENDPOINT_URL: service.stub.endpoint,
        ECS_CLUSTER: "test",
        OPSAGENT_POLICY: "policy.yaml",
        OPSAGENT_MODE: "approve",
        OPSAGENT_STORE: "sqlite:opsagent.db",
        OPSAGENT_HTTP_TOKENS: `sender:${SECRET}`,
      },
    });
    let said = "";
    for await (const chunk of server.process.stderr ?? []) {
      said += String(chunk);
      const address = /The dashboard is at (\S+)\//.exec(said)?.[1];
      if (address !== undefined) return address;
    }
    throw new Error(`It did not listen: ${said}`);
  };

  it.each([
    ["approve", "resolved", ["leaky"]],
    ["deny", "escalated", []],
  ] as const)("is answered on its page: %s", async (verdict, end, stopped) => {
    const base = await serve();
    const browser = await startBrowser(executable ?? "");
    try {
      const { page, complaints } = await openPage(browser, base);
      await page.goto("/");
      await page.waitForSelector("#stream-state.on");
      await fetch(`${base}/events`, {
        method: "POST",
        headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
        body: JSON.stringify(memoryAlarmEvent("shop")),
      });
      await page.click("#waiting a");
      await page.click(`button[data-verdict=${verdict}]`);
      await page.click("#confirm-yes");
      await page.waitForSelector(`#incident .badge.${end}`);

      expect(service.stoppedTasks()).toEqual(stopped);
      expect(await page.textContent("#approval")).toContain("@local over HTTP");
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
