/**
 * Builds the Lambda functions, dist/lambda.mjs, dispatcher.mjs, http.mjs and single.mjs (export `handler`), and their
 * shared chunks: `dist` is what is deployed.
 */
import { rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
import { workflowShape } from "../src/workflow/version/index.ts";

const root = join(import.meta.dirname, "..");

/** The durable SDK loads all of Lambda's client for its own transport, which both of our engines replace. */
const withoutUnusedTransport: Plugin = {
  name: "without-unused-transport",
  setup({ onResolve }) {
    onResolve({ filter: /^@aws-sdk\/client-lambda$/ }, ({ importer, path }) =>
      /[\\/]durable-execution-sdk-js[\\/]/.test(importer) ? { path, external: true } : undefined,
    );
  },
};

/** The functions, by file name. */
export const FUNCTIONS = ["lambda", "dispatcher", "http", "single"] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

export interface FunctionBundle {
  /** Bytes that the function may ever load. */
  readonly bytes: number;
  /** Bytes that are read before the handler is ready; the rest is loaded on first use. */
  readonly initialBytes: number;
}

export interface LambdaBundle {
  /** Bytes of all files together. */
  readonly bytes: number;
  readonly functions: Readonly<Record<FunctionName, FunctionBundle>>;
  /** Modules that neither Node nor the bundle has. */
  readonly missing: readonly string[];
}

/** zod's error messages in some fifty languages, which no bundler can tell are unused. English stays. */
const englishOnly: Plugin = {
  name: "english-only",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: 'export { default as en } from "./en.js";',
      resolveDir: join(path, ".."),
    }));
  },
};

/**
 * Of `import { z }` a bundler keeps all of zod, since that `z` is an object; of `import * as z` only what is used.
 * https://zod.dev/packages/zod (bundle size)
 */
const zodByParts: Plugin = {
  name: "zod-by-parts",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](?:src|packages)[\\/].*\.ts$/ }, async ({ path }) => {
      if (!OWN.some((folder) => path.startsWith(join(root, folder)))) return undefined;
      const source = await readFile(path, "utf8");
      return { contents: source.replace(WHOLE_ZOD, 'import * as z from "zod";'), loader: "ts" };
    });
  },
};

const OWN = ["src", "packages"];
const WHOLE_ZOD = /^import \{ z \} from "zod";$/m;

/** Writes a file for each function and `chunks/` into a folder. */
export async function buildLambda(outdir: string): Promise<LambdaBundle> {
  rmSync(join(outdir, "chunks"), { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: FUNCTIONS.map(entryOf),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // Lazily imported modules (the model's client, each AWS client) become files of their own.
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    // The ES module builds of the clients can be tree-shaken; the CommonJS ones cannot.
    mainFields: ["module", "main"],
    // Some dependencies are CommonJS inside and ask for `require`.
    banner: {
      js: 'import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);',
    },
    plugins: [englishOnly, withoutUnusedTransport, zodByParts],
    // A bundle has no sources to derive the version from.
    define: { OPSAGENT_WORKFLOW_VERSION: JSON.stringify(workflowShape().version) },
    metafile: true,
    logLevel: "warning",
  });
  const outputs = deployed(metafile);
  const bytesOf = (files: ReadonlySet<string>) =>
    [...files].reduce((sum, file) => sum + (metafile.outputs[file]?.bytes ?? 0), 0);
  const functionOf = (name: FunctionName): FunctionBundle => {
    const file = outputOf(metafile, name);
    return {
      bytes: bytesOf(reachable(metafile, file)),
      initialBytes: bytesOf(reachable(metafile, file, (kind) => kind === "import-statement")),
    };
  };
  return {
    bytes: outputs.reduce((sum, [, output]) => sum + output.bytes, 0),
    functions: {
      lambda: functionOf("lambda"),
      dispatcher: functionOf("dispatcher"),
      http: functionOf("http"),
      single: functionOf("single"),
    },
    missing: [
      ...new Set(outputs.flatMap(([, output]) => output.imports.filter(isMissing).map((one) => one.path))),
    ],
  };
}

/**
 * The outputs that a function may ever load. Of code that was shaken away esbuild still writes what it would have loaded
 * lazily, such as the parser for browsers' names in AWS's clients: those files are deleted.
 */
function deployed(metafile: Metafile): [string, Metafile["outputs"][string]][] {
  const loaded = new Set(FUNCTIONS.flatMap((name) => [...reachable(metafile, outputOf(metafile, name))]));
  const outputs = Object.entries(metafile.outputs);
  for (const [path] of outputs) if (!loaded.has(path)) rmSync(join(root, path));
  return outputs.filter(([path]) => loaded.has(path));
}

function isMissing(imported: Metafile["outputs"][string]["imports"][number]): boolean {
  return (
    imported.external === true &&
    !builtinModules.includes(imported.path.replace(/^node:/, "")) &&
    !imported.path.startsWith("node:")
  );
}

function entryOf(name: FunctionName): string {
  return `src/interfaces/lambda/entrypoints/${name}.ts`;
}

/** The file of a function. */
function outputOf(metafile: Metafile, name: FunctionName): string {
  const outputs = Object.entries(metafile.outputs);
  return outputs.find(([, output]) => output.entryPoint === entryOf(name))?.[0] ?? "";
}

/** A file and what it imports, as far as `follow` likes the kind of the import. */
function reachable(metafile: Metafile, entry: string, follow = (_kind: string) => true): ReadonlySet<string> {
  const files = new Set([entry]);
  for (const file of files) {
    const imports = metafile.outputs[file]?.imports ?? [];
    for (const { kind, path } of imports) {
      if (follow(kind) && path in metafile.outputs) files.add(path);
    }
  }
  return files;
}

if (import.meta.main) {
  const { bytes, functions } = await buildLambda(join(root, "dist"));
  const kib = (count: number) => `${Math.round(count / 1024)} KiB`;
  console.log(`dist: ${kib(bytes)}`);
  for (const name of FUNCTIONS) {
    const { bytes: all, initialBytes } = functions[name];
    console.log(`  ${name}.mjs: ${kib(all)}, of which ${kib(initialBytes)} are read at the start`);
  }
}
