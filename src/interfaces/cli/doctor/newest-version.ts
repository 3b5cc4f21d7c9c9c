/** Which version of OpsAgent is the newest, asked only where somebody names an address. */
import { z } from "zod";

/** An npm registry's `/PACKAGE/latest`, or GitHub's `/repos/OWNER/NAME/releases/latest`. */
const Answer = z.union([
  z.object({ version: z.string() }).transform(({ version }) => version),
  z.object({ tag_name: z.string() }).transform(({ tag_name }) => tag_name),
]);
const WITHIN_MS = 10_000;

/** Asks the address. Throws when it does not answer with a version such as `1.2.3` or `v1.2.3`. */
export async function askNewestVersion(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(WITHIN_MS) });
  if (!response.ok) throw new Error(`it answered ${response.status}`);
  const { data } = Answer.safeParse(await response.json().catch(() => undefined));
  const [, version] = /^v?(\d+\.\d+\.\d+)$/.exec(data ?? "") ?? [];
  if (version === undefined) throw new Error("it answered without a version");
  return version;
}
