/** Every path and link in the documentation exists, and each of ARCHITECTURE's twelve answers names code that is there. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const pages = [
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "README.md",
  ...globSync(["src/**/README.md", "packages/**/README.md", "evals/README.md", "docs/**/*.md"], {
    cwd: root,
  }),
].sort();

const CODE = /`([^`\n]+)`/g;
/** A file or folder: it has a slash or ends as our files do, and no pattern, address or command in it. */
const PATH = /^(?:\.?[\w-]+[\w.-]*\/)*[\w.-]+(?:\/|\.(?:ts|md|cjs|ya?ml|txt|json))$/;
const LINK = /\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g;

function read(page: string): string {
  return readFileSync(join(root, page), "utf8");
}

const withoutBlocks = (text: string) => text.replaceAll(/^```[\s\S]*?^```/gm, "");

function captured(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap(([, found]) => found ?? []);
}

/** Folders that a bare file name may mean: the page's own, the root, and those that the same paragraph or row names. */
function pathsIn(page: string): { readonly path: string; readonly bases: readonly string[] }[] {
  return withoutBlocks(read(page))
    .split(/\n(?=[-|])|\n\n/)
    .flatMap((part) => {
      const paths = captured(part, CODE).filter((code) => PATH.test(code));
      const named = paths.map((path) => (path.endsWith("/") ? path : dirname(path)));
      return paths.map((path) => ({ path, bases: [".", dirname(page), ...named] }));
    });
}

/** Names that many folders share, or that stand on the reader's machine. */
const ANYWHERE = new Set([
  "ports.ts",
  "index.ts",
  "sender.ts",
  "examples.ts",
  "step-names.ts",
  "policy.yaml",
  ".mcp.json",
  "docs/decisions/YYYY-MM-DD-title.md",
]);

function isThere(path: string, page: string, bases: readonly string[]): boolean {
  const tried = bases.flatMap((base) => [join(root, base, path), join(root, dirname(page), base, path)]);
  return ANYWHERE.has(path) || tried.some((one) => existsSync(one));
}

describe.each(pages)("%s", (page) => {
  // A decision is dated: it may name what was there that day.
  it.skipIf(page.startsWith("docs/decisions/"))("names files and folders that exist", () => {
    const missing = pathsIn(page).filter(({ path, bases }) => !isThere(path, page, bases));

    expect(missing.map(({ path }) => path)).toEqual([]);
  });

  it("links to files that exist", () => {
    const links = captured(withoutBlocks(read(page)), LINK);

    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });
});

function answers() {
  const section = read("ARCHITECTURE.md").split("## Twelve questions")[1]?.split("\n## ")[0] ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| ") && line.includes("?"))
    .map((line) => {
      const [question = "", file = "", answer = ""] = line.split("|").slice(1);
      const [path = ""] = captured(file, CODE);
      return {
        question: question.trim(),
        path,
        names: captured(answer, CODE).filter((code) => code !== path),
      };
    });
}

it("answers twelve questions", () => {
  expect(answers()).toHaveLength(12);
});

describe.each(answers())("$question", ({ path, names }) => {
  it("is answered by code in the file that is named", () => {
    const source = read(path);
    const declared = (name: string) =>
      new RegExp(String.raw`\b(?:function|const|interface|type) ${name}\b|^ {2,}${name}[:<(]`, "m").test(
        source,
      );

    expect(names).not.toEqual([]);
    expect(names.filter((name) => !declared(name))).toEqual([]);
  });
});
