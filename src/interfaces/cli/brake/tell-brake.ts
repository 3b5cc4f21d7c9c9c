import { plainLine } from "../approvals/approval-text.ts";
import { complain, print } from "../terminal.ts";

/** Tells above a command's result what holds changes back now; beside JSON on standard error. */
export function tellBrake(lines: readonly string[], { json }: { readonly json?: boolean | undefined }): void {
  for (const line of lines) (json ? complain : print)(plainLine(line));
}
