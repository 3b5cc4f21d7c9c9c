/** The table of keys in docs/policy.md, from the published schema. */

interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
}

type Row = readonly [key: string, value: string, standard: string, meaning: string];

const BEGIN = "<!-- keys: written by scripts/generate-schemas.ts -->";
const END = "<!-- end of keys -->";

/** Returns a Markdown table with one row for each key, in the schema's order. */
export function policyReference(schema: unknown): string {
  const head: Row = ["key", "value", "default", "meaning"];
  const rows = [head, ...rowsOf("", schema as Shape)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.slice(1).map(line)].join("\n");
}

/** Replaces the text between the marks. Throws when they are missing. */
export function withReference(document: string, table: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/policy.md needs the marks ${BEGIN} and ${END}`);
  return `${document.slice(0, begin)}${BEGIN}\n\n${table}\n\n${document.slice(end)}`;
}

function rowsOf(prefix: string, { properties = {}, required = [] }: Shape): Row[] {
  return Object.entries(properties).flatMap(([key, shape]) => {
    const path = `${prefix}${key}`;
    const inner = innerOf(path, shape);
    const standard =
      shape.default === undefined
        ? required.includes(key)
          ? "needed"
          : ""
        : JSON.stringify(shape.default).replaceAll('"', "");
    const row: Row = [
      `\`${path}\``,
      valuesOf(shape),
      inner.length > 0 && standard === "{}" ? "" : standard,
      shape.description ?? "",
    ];
    return [row, ...inner];
  });
}

function innerOf(path: string, shape: Shape): Row[] {
  if (shape.properties !== undefined) return rowsOf(`${path}.`, shape);
  if (shape.items !== undefined) return rowsOf(`${path}[].`, shape.items);
  const named = shape.additionalProperties;
  return typeof named === "object" ? rowsOf(`${path}.NAME.`, named) : [];
}

function valuesOf(shape: Shape): string {
  if (shape.const !== undefined) return String(shape.const);
  if (shape.enum !== undefined) return shape.enum.join(", ");
  if (shape.format === "date-time") return "date and time";
  if (shape.type === "boolean") return "true, false";
  if (shape.type === "string") return "text";
  if (shape.type === "array") return shape.items?.type === "string" ? "list of texts" : "list";
  if (shape.type !== "number" && shape.type !== "integer") return "section";
  const word = shape.type === "integer" ? "whole number" : "number";
  const lowest =
    shape.minimum !== undefined
      ? `from ${shape.minimum}`
      : shape.exclusiveMinimum !== undefined
        ? `above ${shape.exclusiveMinimum}`
        : "";
  const highest = shape.maximum === undefined ? "" : `up to ${shape.maximum}`;
  return [word, lowest, highest].filter((part) => part !== "").join(" ");
}
