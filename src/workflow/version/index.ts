/** The version under which an execution of the workflow is replayed: told at build, or by the sources at the start. */
import { join } from "node:path";
import { type DurableShape, readDurableShape } from "./durable-shape.ts";

/** The build puts the version here (`define` in scripts/build.ts), so that a bundle reads no sources. */
declare const OPSAGENT_WORKFLOW_VERSION: string | undefined;

/** The workflow's first module; what it imports is found. */
const ENTRY = "src/workflow/incident-workflow.ts";

let known: string | undefined;

/** Changes when a durable step may have been renamed, added, taken out or moved. Throws as {@link workflowShape} does. */
export function workflowVersion(): string {
  // One expression, so that the bundler sees that the sources are never read.
  known ??=
    typeof OPSAGENT_WORKFLOW_VERSION === "string" ? OPSAGENT_WORKFLOW_VERSION : workflowShape().version;
  return known;
}

/** Reads the sources of a checkout. Throws `internal` where they are missing. */
export function workflowShape(checkout = join(import.meta.dirname, "../../..")): DurableShape {
  return readDurableShape(checkout, join(checkout, ENTRY));
}
