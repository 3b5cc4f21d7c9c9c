/** Writes what a command was told to put into a file. */

import { closeSync, constants, openSync, readSync, writeFileSync } from "node:fs";
import { OpsAgentError } from "../../domain/errors.ts";
import type { TextFor } from "../../domain/exit.ts";

/** How a SQLite file begins. https://sqlite.org/fileformat.html#magic_header_string */
const DATABASE = "SQLite format 3\0";

/**
 * Writes a file that is not there yet; with `force` also over one that is. Never through a link, and never over a
 * database, such as the store. Throws `config-invalid` and leaves what is there as it is.
 */
export function writeOutput(
  file: string,
  text: TextFor<"export"> | TextFor<"person">,
  { force = false } = {},
): void {
  const { O_WRONLY, O_CREAT, O_EXCL, O_TRUNC, O_NOFOLLOW } = constants;
  try {
    if (force) refuseDatabase(file);
    const opened = openSync(file, O_WRONLY | O_CREAT | O_NOFOLLOW | (force ? O_TRUNC : O_EXCL));
    try {
      writeFileSync(opened, text);
    } finally {
      closeSync(opened);
    }
  } catch (cause) {
    if (cause instanceof OpsAgentError) throw cause;
    throw (cause as NodeJS.ErrnoException).code === "EEXIST" ? isThere(file) : unwritable(file, cause);
  }
}

function refuseDatabase(file: string): void {
  let head = "";
  try {
    const opened = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const bytes = Buffer.alloc(DATABASE.length);
    readSync(opened, bytes, 0, bytes.length, 0);
    closeSync(opened);
    head = bytes.toString("latin1");
  } catch {
    // What cannot be read, or is not there, fails or succeeds when it is written.
  }
  if (head !== DATABASE) return;
  throw new OpsAgentError({
    code: "config-invalid",
    message: `${file} is a database, and was left as it is.`,
    remedy: "Give another name with --out.",
  });
}

/** The error for a file that is there and may not be overwritten. */
export function isThere(file: string): OpsAgentError {
  return new OpsAgentError({
    code: "config-invalid",
    message: `${file} is there already, and was left as it is.`,
    remedy: "Give another name with --out, or --force to overwrite it.",
  });
}

function unwritable(file: string, cause: unknown): OpsAgentError {
  return new OpsAgentError({
    code: "config-invalid",
    message: `The file "${file}" cannot be written: ${cause instanceof Error ? cause.message : "unknown error"}`,
    remedy: "Give --out the path of a file, not of a link, in a folder that exists and can be written.",
    cause,
  });
}
