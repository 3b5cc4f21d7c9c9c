/** The panel at the bottom of a drill: every task with its memory over time, and the alarms. Pure. */
import type { SandboxState } from "./facts.ts";

const BARS = "▁▂▃▄▅▆▇█";
/** Looks that the small chart shows, the newest at its right end. */
const LOOKS = 24;

export interface Panel {
  /** Returns the lines of one look, none wider than `columns`. */
  look(state: SandboxState, service: string, columns: number): string[];
}

export function createPanel(): Panel {
  const courses = new Map<string, number[]>();
  return {
    look: (state, service, columns) => {
      const found = state.services.find((one) => one.name === service);
      if (found === undefined) return [];
      const tasks = found.tasks.filter(({ status }) => status === "RUNNING" || status === "PENDING");
      const lines = tasks.map((task) => {
        const course = [...(courses.get(task.id) ?? []), task.memoryPercent ?? 0].slice(-LOOKS);
        courses.set(task.id, course);
        const chart = course.map(bar).join("").padStart(LOOKS);
        const condition = task.target === "unhealthy" ? "SICK" : task.status === "PENDING" ? "starting" : "";
        return `${task.id.slice(0, 8)} ${chart} memory ${percent(task.memoryPercent)} cpu ${percent(task.cpuPercent)} ${condition}`;
      });
      const alarms = state.alarms.map(({ name, state: is }) => `${name} ${is}`).join(", ");
      const head = `${service}: ${found.running} of ${found.desired} tasks run${alarms === "" ? "" : `; ${alarms}`}`;
      return [head, ...lines].map((line) => `         ${line}`.slice(0, Math.max(20, columns - 1)).trimEnd());
    },
  };
}

function bar(value: number): string {
  return BARS[Math.max(0, Math.min(BARS.length - 1, Math.floor((value / 100) * BARS.length)))] ?? "·";
}

function percent(value: number | undefined): string {
  return (value === undefined ? "-" : `${Math.round(value)} %`).padStart(5);
}
