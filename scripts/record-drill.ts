/**
 * `node scripts/record-drill.ts [FAULT [FILE]]`: records a drill as an SVG animation, docs/images/drill.svg. The
 * times are real, played five times as fast with long waits shortened; the lines have the real times.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { wrap } from "../src/interfaces/cli/plain-text.ts";

const SPEED = 5;
/** The longest wait between two lines, in seconds. */
const LONGEST_WAIT = 1.2;
/** The text before a line's message: time and speaker. */
const LEAD = /^ *[\d.]+ s {2}\w+ +/;
const COLUMNS = 112;
const [ROW, CHARACTER, MARGIN] = [20, 7.8, 16];
const COLORS: Readonly<Record<string, string>> = {
  sandbox: "#8b949e",
  fault: "#ff7b72",
  alarm: "#e3b341",
  agent: "#56d4dd",
  person: "#d2a8ff",
  result: "#56d364",
};

interface Line {
  readonly atMs: number;
  readonly text: string;
}

const root = join(import.meta.dirname, "..");
const [fault = "oom", file = join(root, "docs/images/drill.svg")] = process.argv.slice(2);
const lines = await record(fault);
writeFileSync(file, draw(`npm start -- ${fault}`, lines));

async function record(name: string): Promise<Line[]> {
  const began = Date.now();
  const argv = [join(root, "src/interfaces/cli/main.ts"), "drill", name, "--headless"];
  const child = spawn(process.execPath, argv, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const seen: Line[] = [];
  for await (const text of createInterface(child.stdout)) {
    process.stdout.write(`${text}\n`);
    for (const part of folded(text)) seen.push({ atMs: Date.now() - began, text: part });
  }
  return seen;
}

/** Wraps between words, indented to the message. */
function folded(text: string): string[] {
  const lead = LEAD.exec(text)?.[0] ?? "";
  return wrap(text.slice(lead.length), lead, COLUMNS).split("\n");
}

function draw(command: string, all: readonly Line[]): string {
  const took = ((all.at(-1)?.atMs ?? 0) / 1_000).toFixed(0);
  const width = COLUMNS * CHARACTER + 2 * MARGIN;
  const height = (all.length + 2) * ROW + 2 * MARGIN;
  let delay = 0;
  const rows = all.map(({ atMs, text }, index) => {
    const wait = (atMs - (all[index - 1]?.atMs ?? 0)) / 1_000 / SPEED;
    delay += Math.min(wait, LONGEST_WAIT);
    return `<text class="l" style="animation-delay:${delay.toFixed(2)}s" x="${MARGIN}" y="${MARGIN + (index + 2) * ROW}" xml:space="preserve">${painted(text)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="A drill in a terminal, recorded: ${command}">
<style>
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #e6edf3; white-space: pre; }
.l { opacity: 0; animation: show .01s linear forwards; }
@keyframes show { to { opacity: 1; } }
@media (prefers-reduced-motion: reduce) { .l { opacity: 1; animation: none; } }
</style>
<rect width="100%" height="100%" rx="10" fill="#0d1117"/>
<text x="${MARGIN}" y="${MARGIN + ROW - 4}">$ ${command}   <tspan fill="#8b949e">(${took} s, shown ${SPEED} times as fast, waits shortened)</tspan></text>
${rows.join("\n")}
</svg>
`;
}

function painted(text: string): string {
  const [, time = "", who = "", rest = ""] = /^( *[\d.]+ s {2})(\w+)(.*)$/.exec(text) ?? [];
  const color = COLORS[who];
  if (color === undefined) return escaped(text);
  return `<tspan fill="#8b949e">${time}</tspan><tspan fill="${color}">${who}</tspan>${escaped(rest)}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
