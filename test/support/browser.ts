/** A real Chromium, where the machine has one, and pages that tell of everything they should not do. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const REMEDY =
  "No Chromium was found. Install one (Debian: `apt-get install chromium`), or name it in CHROMIUM_PATH; without it the dashboard is not tested.";

/** The path of the browser; undefined where there is none, which CI takes as a fault. */
export function findChromium(): string | undefined {
  const named = process.env["CHROMIUM_PATH"];
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = named
    ? [named]
    : NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).filter(existsSync);
  if (found[0] !== undefined) return found[0];
  if (process.env["CI"] === "true") throw new Error(REMEDY);
  process.stderr.write(`${REMEDY}\n`);
  return undefined;
}

export function startBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-background-networking"] });
}

export interface WatchedPage {
  readonly page: Page;
  /** Errors in the console, uncaught faults, and requests to anywhere but the server. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** A page in a context of its own. */
export async function openPage(
  browser: Browser,
  base: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL: base, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (fault) => complaints.push(`fault: ${String(fault)}`));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(base)) complaints.push(`request: ${request.url()}`);
  });
  return { page, complaints, close: () => context.close() };
}
