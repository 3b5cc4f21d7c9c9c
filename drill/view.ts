/** The output of a drill: lines with the time since the start; on a terminal also a live panel below them. */
import { styleText } from "node:util";
import { wrap } from "../src/interfaces/cli/plain-text.ts";
import type { SandboxState } from "./facts.ts";
import { createPanel } from "./panel.ts";

export interface View {
  line(who: Speaker, text: string): void;
  /** Redraws the panel; does nothing where the output is no terminal. */
  status(state: SandboxState, service: string): void;
  block(text: string): void;
}

export type Speaker = "sandbox" | "fault" | "alarm" | "agent" | "person" | "result";

const COLORS = {
  sandbox: "gray",
  fault: "red",
  alarm: "yellow",
  agent: "cyan",
  person: "magenta",
  result: "green",
} as const;

/**
 * Creates a view on a stream. `live` adds panel and colours, and wraps lines between words, where the terminal can
 * move its cursor: not in CI and not with TERM=dumb. NO_COLOR disables colours.
 */
export function createView(out: NodeJS.WriteStream, live: boolean, startedAt = Date.now()): View {
  const moves = live && process.env["TERM"] !== "dumb" && !process.env["CI"];
  const panel = createPanel();
  let shown = 0;
  const erase = () => {
    if (shown > 0) out.write(`\x1b[${shown}A\r\x1b[0J`);
    shown = 0;
  };
  const width = () => out.columns || 100;
  const paint = (who: Speaker, text: string) =>
    moves ? styleText(COLORS[who], text, { stream: out }) : text;
  return {
    line: (who, text) => {
      erase();
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(5);
      const name = who.padEnd(8);
      const lead = `${seconds} s  ${name} `;
      const written = moves ? wrap(text, lead, width()) : `${lead}${text}`;
      out.write(`${written.replace(name, () => paint(who, name))}\n`);
    },
    status: (state, service) => {
      if (!moves) return;
      const lines = panel.look(state, service, width());
      erase();
      out.write(lines.map((line) => `${line}\n`).join(""));
      shown = lines.length;
    },
    block: (text) => {
      erase();
      const lines = moves ? text.split("\n").map((line) => wrap(line, "", width())) : [text];
      out.write(`${lines.join("\n")}\n`);
    },
  };
}
