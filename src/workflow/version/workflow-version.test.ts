/** What changes the version under which an execution is replayed, and what does not, on a copy of the real sources. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { copyThisVersion, renameAStep } from "../../../test/support/another-version.ts";
import { readDurableShape } from "./durable-shape.ts";
import { workflowShape, workflowVersion } from "./index.ts";

const root = join(import.meta.dirname, "../../..");
const SDK = "@aws/durable-execution-sdk-js";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-version-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A checkout of its own, elsewhere. */
function copyOfTheTree() {
  const copy = copyThisVersion();
  onTestFinished(copy.remove);
  return { ...copy, version: () => workflowShape(copy.folder).version };
}

describe("the workflow's version, of the real sources", () => {
  it("is the same in another folder, with the line ends of Windows", () => {
    const { folder, version } = copyOfTheTree();
    for (const path of readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" })) {
      if (!path.endsWith(".ts")) continue;
      const file = join(folder, "src", path);
      writeFileSync(file, readFileSync(file, "utf8").replaceAll("\n", "\r\n"));
    }

    expect(version()).toBe(workflowVersion());
  });

  it("changes when a step is renamed", () => {
    const copy = copyOfTheTree();
    renameAStep(copy);

    expect(copy.version()).not.toBe(workflowVersion());
  });

  it("stays when a comment, the layout or a trailing comma changes", () => {
    const { edit, version } = copyOfTheTree();
    for (const path of workflowShape().modules) {
      edit(path, (source) =>
        source
          .replace(/^import/m, "/* It's `new` // here */\nimport")
          .replaceAll(/^ {2}/gm, "\t")
          .replaceAll(/,\n(\s*\))/g, "\n// the last one\n$1"),
      );
    }

    expect(version()).toBe(workflowVersion());
  });

  it("stays when a text, a rule or a reader of evidence changes: what runs inside of steps", () => {
    const { folder, edit, version } = copyOfTheTree();
    const { modules } = workflowShape();
    const others = readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" })
      .map((path) => `src/${path.replaceAll("\\", "/")}`)
      .filter((path) => path.endsWith(".ts") && !modules.includes(path) && !path.endsWith("step-names.ts"));
    for (const path of others) edit(path, (source) => `${source}\nexport const another = "text";\n`);

    expect(others.length).toBeGreaterThan(300);
    expect(version()).toBe(workflowVersion());
  });

  it("changes with the SDK, which gives the operations their ids", () => {
    const { edit, version } = copyOfTheTree();
    edit("package.json", (source) => source.replace(/(durable-execution-sdk-js": ")[^"]+/, "$19.9.9"));

    expect(version()).not.toBe(workflowVersion());
  });

  it("covers a small part of what runs, so that most changes void no incident that waits", () => {
    const { modules, reachable } = workflowShape();

    expect(modules.length).toBeGreaterThan(10);
    expect(modules.length).toBeLessThan(reachable / 3);
  });

  it("is a constant in a bundle, which reads no sources", async () => {
    const bundled = await build({
      stdin: {
        contents: 'export { workflowVersion } from "./src/workflow/version/index.ts";',
        resolveDir: root,
      },
      define: { OPSAGENT_WORKFLOW_VERSION: '"from-the-build"' },
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
      minify: true,
    });
    const code = bundled.outputFiles[0]?.text ?? "";

    expect(code).toContain("from-the-build");
    expect(code).not.toContain("node:fs");
  });
});

describe("the durable shape", () => {
  let root: string;
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const shape = (entry = "src/workflow.ts") => readDurableShape(root, join(root, entry));

  beforeEach(() => {
    root = temporaryFolder();
    write("package.json", JSON.stringify({ dependencies: { [SDK]: "1.0.0" } }));
    write(
      "src/run.ts",
      `import type { DurableContext } from "${SDK}";\nexport interface Run {}\nexport const createRun = (c: DurableContext): Run => c;`,
    );
    write(
      "src/workflow.ts",
      'import { createRun } from "./run.ts";\nimport { mend } from "./mend.ts";\ncreateRun; mend;',
    );
    write(
      "src/mend.ts",
      'import type { Run } from "./run.ts";\nimport { text } from "./text.ts";\nexport const mend = (run: Run) => text;',
    );
    write("src/text.ts", 'export const text = "a text";');
  });

  it("is whoever can make a durable operation, and not what these call", () => {
    expect(shape()).toMatchObject({
      modules: ["src/mend.ts", "src/run.ts", "src/workflow.ts"],
      reachable: 4,
    });
  });

  it("has a module that gets the run inside of something else", () => {
    write(
      "src/mend.ts",
      'import type { Run } from "./run.ts";\nimport { undo } from "./undo.ts";\nexport interface Attempt { run: Run }\nundo;',
    );
    write(
      "src/undo.ts",
      'import type { Attempt } from "./mend.ts";\nexport const undo = ({ run }: Attempt) => run;',
    );

    expect(shape().modules).toContain("src/undo.ts");
  });

  it("has a module that is loaded later, and one that is re-exported", () => {
    write(
      "src/mend.ts",
      'export { late } from "./barrel.ts";\nexport const mend = () => import("./later.ts");',
    );
    write("src/barrel.ts", 'export * from "./late.ts";');
    write("src/late.ts", 'import type { Run } from "./run.ts";\nexport const late = (run: Run) => run;');
    write("src/later.ts", 'import type { Run } from "./run.ts";\nexport const later = (run: Run) => run;');

    expect(shape().modules).toEqual(expect.arrayContaining(["src/barrel.ts", "src/late.ts", "src/later.ts"]));
  });

  it("has no module of which only types are imported", () => {
    write(
      "src/mend.ts",
      'import { type Only } from "./only.ts";\nimport type { Run } from "./run.ts";\nexport const mend = (run: Run, only: Only) => run;',
    );
    write("src/only.ts", 'import type { Run } from "./run.ts";\nexport interface Only { run: Run }');

    expect(shape()).toMatchObject({
      modules: ["src/mend.ts", "src/run.ts", "src/workflow.ts"],
      reachable: 3,
    });
  });

  it("has the names of steps where they are kept apart", () => {
    write("src/text.ts", 'export { text } from "./step-names.ts";');
    write("src/step-names.ts", 'export const text = "observe";');
    const before = shape();
    write("src/step-names.ts", 'export const text = "look";');

    expect(before.modules).toContain("src/step-names.ts");
    expect(shape().version).not.toBe(before.version);
  });

  it("follows a package that is a folder of this repository", () => {
    write("packages/steps/package.json", JSON.stringify({ name: "steps", exports: "./index.ts" }));
    write(
      "packages/steps/index.ts",
      `import type { DurableContext } from "${SDK}";\nexport const make = (c: DurableContext) => c;`,
    );
    write("src/text.ts", 'export { make as text } from "steps";');
    mkdirSync(join(root, "node_modules"));
    symlinkSync(join(root, "packages/steps"), join(root, "node_modules/steps"));

    expect(shape().modules).toContain("packages/steps/index.ts");
  });

  it("stays the same when its modules move", () => {
    const before = shape();
    mkdirSync(join(root, "src/moved"));
    renameSync(join(root, "src/mend.ts"), join(root, "src/moved/repair.ts"));
    write(
      "src/moved/repair.ts",
      readFileSync(join(root, "src/moved/repair.ts"), "utf8").replaceAll("./", "../"),
    );
    write(
      "src/workflow.ts",
      readFileSync(join(root, "src/workflow.ts"), "utf8").replace("./mend.ts", "./moved/repair.ts"),
    );

    expect(shape().modules).toContain("src/moved/repair.ts");
    expect(shape().version).toBe(before.version);
  });

  it.each([
    ["a text with a comment's signs", 'const a = "x // y";', 'const a = "x // z";'],
    [
      "a template, also inside of its braces",
      "const a = `x €{b ? `-€{c}` : ''}`;",
      "const a = `x €{b ? `-€{d}` : ''}`;",
    ],
    ["a regular expression with quotes", "const a = /['\"]x/; // it's", "const a = /['\"]y/; // it's"],
    ["the order of two steps", "a(); b();", "b(); a();"],
  ])("sees a change of %s", (_, one, other) => {
    const mend = (line: string) =>
      `import type { Run } from "./run.ts";\nexport const mend = (run: Run) => { ${line.replaceAll("€", "$")}\n};`;
    write("src/mend.ts", mend(one));
    const before = shape().version;
    write("src/mend.ts", mend(other));

    expect(shape().version).not.toBe(before);
  });

  it("cannot be read where a module is missing, or nothing is durable", () => {
    expect(() => shape("src/text.ts")).toThrow(`leads to no module that uses ${SDK}`);
    rmSync(join(root, "src/text.ts"));
    expect(() => shape()).toThrow(/text\.ts cannot be read/);
  });
});
