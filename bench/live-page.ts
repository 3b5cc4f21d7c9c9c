/**
 * What the dashboard says while a drill runs, beside what really happens: `node bench/live-page.ts [FAULT] [--auto] [--shots DIR]`.
 * Starts the drill as a person would, reads the incident's page and the list in Chromium every 50 ms, and approves with
 * the page's own button. Bar: the page names each action no later than a second after the sandbox received its call.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import type { LedgerEntry } from "../drill/facts.ts";
import { findChromium, openPage, startBrowser } from "../test/support/browser.ts";

const BAR_MS = 1_000;
const READ_EVERY_MS = 50;
/** A person reads the question before the answer. */
const READING_MS = 2_000;
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

/** The claimed call is named, not only what is about to be done. */
const NAMED = /^(?:Acting|Taking back|Scaling in|Resolved: Scaling in)\b(?!: about to)/;

interface Row {
  readonly at: number;
  readonly source: "page" | "list" | "call" | "person";
  readonly text: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { auto: { type: "boolean" }, shots: { type: "string" } },
});
const executable = findChromium();
if (executable === undefined) process.exit(2);
const main = join(import.meta.dirname, "../src/interfaces/cli/main.ts");
const folder = mkdtempSync(join(tmpdir(), "live-page-"));
const flags = ["drill", positionals[0] ?? "bad-deploy", "--headless", "--keep-open"];
const drill = spawn(process.execPath, [main, ...flags, ...(values.auto ? [] : ["--ask"])], {
  cwd: folder,
  stdio: ["ignore", "pipe", "inherit"],
});
const ended = once(drill, "exit");
const browser = await startBrowser(executable);
try {
  const base = await addressOf();
  const list = (await openPage(browser, base, { viewport: DESK })).page;
  await list.goto("/");
  const sampledList = await sample(list, "#list .badge", "#list .phase-short");
  await list.waitForSelector("#list tbody a", { timeout: 120_000 });
  const path = (await list.getAttribute("#list tbody a", "href")) ?? "/";
  const desk = (await openPage(browser, base, { viewport: DESK })).page;
  const phone = (await openPage(browser, base, { viewport: PHONE })).page;
  const listPhone = (await openPage(browser, base, { viewport: PHONE })).page;
  await Promise.all([desk.goto(path), phone.goto(path), listPhone.goto("/")]);
  const sampledPage = await sample(desk, ".phase-now");
  const person: Row[] = [];
  const shots = takeShots({ desk, phone, list, "list-phone": listPhone });
  if (!values.auto) person.push(...(await approve(desk)));
  await desk.waitForSelector("[data-phase=ended]", { timeout: 180_000 });
  // Temporary capacity goes back a while after the end.
  await sleep(20_000);
  await shots.stop();
  const rows = [...(await sampledList("list")), ...(await sampledPage("page")), ...person];
  drill.kill("SIGINT");
  await ended;
  report([...rows, ...callsOf()]);
} finally {
  await browser.close();
  drill.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}

/** The dashboard's address, as the drill prints it; its lines are passed on. */
async function addressOf(): Promise<string> {
  const lines = createInterface(drill.stdout);
  const found = Promise.withResolvers<string>();
  lines.on("line", (line) => {
    const address = /dashboard shows it live: (\S+?)\/?$/.exec(line.trim())?.[1];
    if (address !== undefined) found.resolve(address);
  });
  drill.once("exit", (code) => found.reject(new Error(`The drill ended with ${code}.`)));
  return found.promise;
}

/** Notes within the page each new text of the elements together; returns what reads the notes. */
async function sample(
  page: Page,
  ...selectors: string[]
): Promise<(source: Row["source"]) => Promise<Row[]>> {
  await page.evaluate(
    `(() => {
      const [selectors, every] = ${JSON.stringify([selectors, READ_EVERY_MS])};
      const notes = (window.notes = []);
      const read = (one) => [...(document.querySelector(one)?.childNodes ?? [])]
        .filter((node) => !(node instanceof Element && node.matches(".since, [aria-hidden]")))
        .map((node) => node.textContent.trim()).filter(Boolean).join(" ").replace(" : ", ": ");
      setInterval(() => {
        const text = selectors.map(read).filter(Boolean).join(": ");
        if (text && text !== notes.at(-1)?.text) notes.push({ at: Date.now(), text });
      }, every);
    })()`,
  );
  return async (source) =>
    (await page.evaluate<{ at: number; text: string }[]>("window.notes")).map((note) => ({
      ...note,
      source,
    }));
}

async function approve(page: Page): Promise<Row[]> {
  await page.waitForSelector("button[data-verdict=approve]", { timeout: 120_000 });
  await sleep(READING_MS);
  await page.click("button[data-verdict=approve]");
  await page.click("#confirm-yes");
  const at = Date.now();
  await page.waitForSelector(".answered");
  return [
    { at, source: "person", text: "presses the page's button" },
    { at: Date.now(), source: "page", text: (await page.textContent(".answered")) ?? "" },
  ];
}

/** A picture of every page at every new phase. */
function takeShots(pages: Readonly<Record<string, Page>>): { stop(): Promise<void> } {
  const { shots } = values;
  let going = shots !== undefined;
  const work = async () => {
    if (shots === undefined) return;
    mkdirSync(shots, { recursive: true });
    let [last, count] = ["", 0];
    while (going) {
      const phase = (await pages["desk"]?.getAttribute("#phase", "data-phase")) ?? "";
      if (phase !== last) {
        count += 1;
        for (const [name, page] of Object.entries(pages)) {
          const path = join(shots, `${String(count).padStart(2, "0")}-${phase}-${name}.png`);
          await page.screenshot({ path });
        }
      }
      last = phase;
      await sleep(100);
    }
  };
  const done = work();
  return {
    stop: async () => {
      going = false;
      await done;
    },
  };
}

/** The changing calls that the sandbox received, from the record that the drill leaves. */
function callsOf(): Row[] {
  const drills = join(folder, ".opsagent", "drills");
  const [name = ""] = readdirSync(drills);
  const ledger: LedgerEntry[] = JSON.parse(readFileSync(join(drills, name, "ledger.json"), "utf8"));
  return ledger
    .filter(({ mutating }) => mutating)
    .map(({ at, operation }) => ({ at: Date.parse(at), source: "call", text: operation }));
}

function report(rows: readonly Row[]): void {
  const sorted = rows.toSorted((one, other) => one.at - other.at);
  const start = sorted[0]?.at ?? 0;
  const words = { page: "page says", list: "list says", call: "SANDBOX RECEIVED", person: "person" };
  console.log("| time (UTC) | s | who | what |\n|---|---|---|---|");
  for (const { at, source, text } of sorted) {
    const clock = new Date(at).toISOString().slice(11, 23);
    console.log(`| ${clock} | ${((at - start) / 1000).toFixed(1)} | ${words[source]} | ${text} |`);
  }
  const calls = sorted.filter(({ source }) => source === "call");
  for (const [index, call] of calls.entries()) {
    const before = calls[index - 1]?.at ?? 0;
    for (const source of ["page", "list"] as const) {
      const opened = sorted.find((row) => row.source === source)?.at ?? Number.POSITIVE_INFINITY;
      if (opened > call.at) {
        console.log(`${call.text}: the ${source} was opened after the call`);
        continue;
      }
      const said = sorted.find((row) => row.source === source && row.at > before && NAMED.test(row.text));
      const late = said === undefined ? Number.POSITIVE_INFINITY : said.at - call.at;
      const right = late <= BAR_MS;
      console.log(
        `${call.text}: named by the ${source} ${late} ms after the call: ${right ? "ok" : "TOO LATE"}`,
      );
      if (!right) process.exitCode = 1;
    }
  }
  if (calls.length === 0) process.exitCode = 1;
}
