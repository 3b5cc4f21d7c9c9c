/** Builds the Lambda bundle, dist/lambda.mjs (export `handler`) and its chunks: what `dist` holds is what is deployed. */
import { rmSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";

const root = join(import.meta.dirname, "..");

export interface LambdaBundle {
  /** Bytes of all files together. */
  readonly bytes: number;
  /** Bytes that are read before the handler is ready; the rest is loaded when it is first needed. */
  readonly initialBytes: number;
  /** Modules that neither Node nor the bundle has, as they are imported. */
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

/** Writes `lambda.mjs` and `chunks/` into a folder. */
export async function buildLambda(outdir: string): Promise<LambdaBundle> {
  rmSync(join(outdir, "chunks"), { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/entrypoints/lambda.ts"],
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What is imported lazily (the model's client, each AWS client) becomes a file of its own.
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    // The ES module builds of the clients can be shaken; the CommonJS ones cannot.
    mainFields: ["module", "main"],
    // Some dependencies are CommonJS inside and ask for `require`.
    banner: {
      js: 'import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);',
    },
    // The durable SDK loads Lambda's client only for its own transport, which the embedded engine replaces.
    external: ["@aws-sdk/client-lambda"],
    plugins: [englishOnly],
    metafile: true,
    logLevel: "warning",
  });
  const outputs = Object.entries(metafile.outputs);
  const entry = outputs.find(([, output]) => output.entryPoint === "src/entrypoints/lambda.ts")?.[0];
  return {
    bytes: outputs.reduce((sum, [, output]) => sum + output.bytes, 0),
    initialBytes: entry === undefined ? 0 : initialBytes(metafile, entry),
    missing: [
      ...new Set(outputs.flatMap(([, output]) => output.imports.filter(isMissing).map((one) => one.path))),
    ],
  };
}

function isMissing(imported: Metafile["outputs"][string]["imports"][number]): boolean {
  return (
    imported.external === true &&
    !builtinModules.includes(imported.path.replace(/^node:/, "")) &&
    !imported.path.startsWith("node:")
  );
}

function initialBytes(metafile: Metafile, entry: string): number {
  const files = new Set([entry]);
  for (const file of files) {
    const imports = metafile.outputs[file]?.imports ?? [];
    for (const { kind, path } of imports) {
      if (kind === "import-statement" && path in metafile.outputs) files.add(path);
    }
  }
  return [...files].reduce((sum, file) => sum + (metafile.outputs[file]?.bytes ?? 0), 0);
}

if (import.meta.main) {
  const { bytes, initialBytes: initial } = await buildLambda(join(root, "dist"));
  const mebibytes = (count: number) => `${(count / 1_048_576).toFixed(2)} MiB`;
  console.log(`dist: ${mebibytes(bytes)}, of which ${mebibytes(initial)} are read at the start (lambda.mjs)`);
}
