import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { startLocalSlackApi } from "../support/local-slack-api.ts";

const root = join(import.meta.dirname, "../..");

it("reaches Slack from a bundle too, where the library's exports look different", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slack-bundle-"));
  const slack = await startLocalSlackApi();
  const message = '() => ({ text: "a question", blocks: [] })';
  // The settings of the Lambda's bundle that decide how CommonJS comes in.
  await build({
    stdin: {
      contents: `
        import { createSlackApp } from "./src/adapters/slack-app/slack-app.ts";
        const app = createSlackApp({ token: "t", channel: "C1", apiUrl: process.argv[2],
          book: { messagesOf: async () => ({}), noteIncidentMessage: async () => {} }, logger: console,
          renderState: ${message}, renderReport: ${message}, renderApproval: ${message}, renderClosed: ${message} });
        console.log(await app.ask({}));`,
      resolveDir: root,
      loader: "ts",
    },
    outdir: folder,
    entryNames: "app",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    banner: {
      js: 'import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);',
    },
  });

  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "app.mjs"), slack.url]);

  await slack.close();
  rmSync(folder, { recursive: true, force: true });
  expect(stdout.trim()).toBe("C0LOCAL01:1764000000.000001");
  expect(slack.calls).toMatchObject([{ method: "chat.postMessage", text: "a question" }]);
});
