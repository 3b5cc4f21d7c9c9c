/** A checkout of its own with the code of this one, for tests of what happens when another version takes over. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { workflowShape } from "../../src/workflow/version/index.ts";

const root = join(import.meta.dirname, "../..");
const AGENT = "test/support/agent-process.ts";

export interface AnotherVersion {
  readonly folder: string;
  /** Its command line. */
  readonly cli: string;
  /** Changes a source file; throws where that changes nothing. */
  edit(path: string, change: (source: string) => string): void;
  remove(): void;
}

export function copyThisVersion(): AnotherVersion {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-version-"));
  for (const path of ["src", "packages", "package.json", AGENT]) {
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return {
    folder,
    cli: join(folder, "src/interfaces/cli/main.ts"),
    edit: (path, change) => {
      const before = readFileSync(join(folder, path), "utf8");
      const after = change(before);
      if (after === before) throw new Error(`${path} is as it was.`);
      writeFileSync(join(folder, path), after);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Renames a step of the workflow, whichever has its name written where it is made. */
export function renameAStep({ edit }: Pick<AnotherVersion, "edit">): void {
  for (const path of workflowShape().modules) {
    const call = /\brun\.step\(\s*"[\w-]+"/.exec(readFileSync(join(root, path), "utf8"))?.[0];
    if (call === undefined) continue;
    edit(path, (source) => source.replace(call, call.replace(/"$/, '-renamed"')));
    return;
  }
  throw new Error("No module of the workflow makes a step under a fixed name.");
}
