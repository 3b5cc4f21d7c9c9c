/** The prompt's text of a log pattern: its statement, and what was counted of it. No word of the application's own. */
import type { FactOf } from "../../domain/evidence.ts";
import { clock } from "../../evidence/times.ts";

type Data = FactOf<"log-pattern">["data"];

const TASKS_NAMED = 3;
const VALUES_TOLD = 4;
const CAUSES_TOLD = 2;

/** Returns the template with its counts: tasks, lines before the onset, distinct values, the causes of its traces. */
export function logText({ statement, data }: FactOf<"log-pattern">): string {
  const details = [tasksText(data), beforeText(data), ...valueTexts(data), ...causeTexts(data)].filter(
    (detail) => detail !== "",
  );
  return details.length === 0 ? statement : `${statement} [${details.join("; ")}]`;
}

function tasksText({ taskCount, taskTotal, taskIds = [] }: Data): string {
  if (taskCount === undefined || taskTotal === undefined) return "";
  const named = taskCount <= TASKS_NAMED ? taskIds.slice(0, TASKS_NAMED).map(short) : [];
  return `in ${taskCount} of ${taskTotal} tasks that log${named.length > 0 ? ` (${named.join(", ")})` : ""}`;
}

/** ECS makes the id of a task of hexadecimal digits. */
function short(id: string): string {
  return /^[0-9a-f-]{8,40}$/.test(id) ? id.slice(0, 8) : "<id>";
}

function beforeText({ count, countBefore, newSinceOnset, firstAt }: Data): string {
  if (newSinceOnset) return `new since the onset, first at ${clock(firstAt)}`;
  return countBefore === undefined ? "" : `${countBefore} of ${count} before the onset`;
}

/** Of warnings and errors: distinct values of the placeholders, and of numbers the oldest and the newest one. */
function valueTexts({ level, values = [] }: Data): string[] {
  if (level === "info") return [];
  return values.slice(0, VALUES_TOLD).map(({ placeholder, distinct, first, last }) => {
    const span = isQuantity(first) && isQuantity(last) && first !== last ? ` from ${first} to ${last}` : "";
    return `${typed(placeholder)} has ${valueCount(distinct)}${span}`;
  });
}

/** The typed tokens of the log digest. */
function typed(placeholder: string): string {
  return /^<[a-z]{1,12}>$/.test(placeholder) ? placeholder : "<id>";
}

function valueCount(distinct: number): string {
  if (distinct === 1) return "one value";
  return `${distinct >= 100 ? "100 or more" : distinct} values`;
}

function isQuantity(text: string | undefined): text is string {
  return text !== undefined && /^[-+]?\d[\d.,_]{0,20} ?[A-Za-zµ%]{0,4}$/.test(text);
}

function causeTexts({ rootCauses = [] }: Data): string[] {
  return rootCauses
    .slice(0, CAUSES_TOLD)
    .map(
      ({ template, signal, count }) =>
        `${count} traces end in: ${template}${signal === undefined ? "" : ` (${signal})`}`,
    );
}
