/** What a drill shows: lines with the time since the start; on a terminal also one line that keeps moving. */
import { styleText } from "node:util";
import type { SandboxState } from "./facts.ts";

export interface View {
  line(who: Speaker, text: string): void;
  /** Redraws the moving line; does nothing where the output is no terminal. */
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
const BARS = "▁▂▃▄▅▆▇█";

/** A view on a stream. `live` adds the moving line and colours. */
export function createView(out: NodeJS.WriteStream, live: boolean, startedAt = Date.now()): View {
  let moving = false;
  const erase = () => {
    if (moving) out.write("\r\x1b[2K");
    moving = false;
  };
  const paint = (who: Speaker, text: string) => (live ? styleText(COLORS[who], text) : text);
  return {
    line: (who, text) => {
      erase();
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(5);
      out.write(`${seconds} s  ${paint(who, who.padEnd(8))} ${text}\n`);
    },
    status: (state, service) => {
      if (!live) return;
      const text = describe(state, service).slice(0, Math.max(20, (out.columns || 100) - 1));
      erase();
      out.write(text);
      moving = true;
    },
    block: (text) => {
      erase();
      out.write(`${text}\n`);
    },
  };
}

function describe(state: SandboxState, service: string): string {
  const found = state.services.find((one) => one.name === service);
  if (found === undefined) return "";
  const tasks = found.tasks
    .filter((task) => task.status === "RUNNING" || task.status === "PENDING")
    .map(
      (task) =>
        `${task.id.slice(0, 4)} ${bar(task.memoryPercent)} mem ${whole(task.memoryPercent)} cpu ${whole(task.cpuPercent)}${task.target === "unhealthy" ? " SICK" : ""}`,
    );
  const alarms = state.alarms.map((alarm) => alarm.state).join(",");
  return `         ${service} ${found.running}/${found.desired} [${tasks.join(" | ")}] alarm ${alarms}`;
}

function bar(percent: number | undefined): string {
  if (percent === undefined) return "·";
  return BARS[Math.max(0, Math.min(BARS.length - 1, Math.floor((percent / 100) * BARS.length)))] ?? "·";
}

function whole(percent: number | undefined): string {
  return percent === undefined ? "-" : `${Math.round(percent)}%`;
}
