/** What a process can see of its environment, read from outside; Linux only. For the tests of isolation. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

export interface ProcessView {
  readonly environment: string;
  readonly commandLine: string;
  /** Working folder and every open file, and the names of everything below the working folder. */
  readonly paths: readonly string[];
  /** Contents of everything below the working folder. */
  readonly files: readonly string[];
}

export function viewProcess(pid: number): ProcessView {
  const folder = readlinkSync(`/proc/${pid}/cwd`);
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  const open = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return [];
    }
  });
  return {
    environment: readFileSync(`/proc/${pid}/environ`, "utf8").replaceAll("\0", "\n"),
    commandLine: readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "),
    paths: [folder, ...open, ...names.map(({ name }) => name)],
    files: names
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "latin1")),
  };
}
