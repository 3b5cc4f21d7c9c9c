/** Publishes a policy in the store, where it counts without a deployment. */
import { Policy } from "../../../domain/policy.ts";
import { type PolicyVersion, policyDigest } from "../../../domain/policy-version.ts";
import { foldLine } from "../../../notification/text/fold-line.ts";
import { readPolicy } from "../../../policy/policy-file.ts";
import { EXIT } from "../exit-code.ts";
import { withSealedStore } from "../open-sealed-store.ts";
import { storeExists, withStore } from "../open-store.ts";
import { osUserName } from "../person.ts";
import { print, printJson } from "../terminal.ts";
import { contentOf, describeProblem } from "./policy-check.ts";

interface Who {
  readonly by?: string;
  readonly why?: string;
  readonly json?: boolean;
}

const WHERE =
  "It counts from the next decision and the next call on: on Lambda, and in every process without OPSAGENT_POLICY that uses this store. A process with a policy file goes by its file.";

/** Publishes a file (`-`: standard input). Returns 0, or 1 for an invalid one, which is never published. */
export async function publishCommand(file: string, { by = osUserName(), why, json }: Who): Promise<number> {
  const content = await contentOf(file);
  const name = file === "-" ? "standard input" : file;
  const result = readPolicy(content);
  if (!result.ok) {
    if (json) printJson({ published: false, file: name, problems: result.problems });
    else {
      print(result.problems.map((problem) => describeProblem(name, problem)).join("\n"));
      print("Nothing was published.");
    }
    return EXIT.failed;
  }
  // As it is stored: what is left out is not there at all.
  const policy: NonNullable<PolicyVersion["policy"]> = JSON.parse(JSON.stringify(result.policy));
  const at = new Date().toISOString();
  const version = await withSealedStore(({ store }) =>
    store.publishPolicy({ by, at, policy, ...(why === undefined ? {} : { why }) }),
  );
  if (json) printJson({ published: true, ...version });
  else print(`Published as version ${version.version}. ${WHERE}`);
  return EXIT.done;
}

/** Lets the policy of the start count again: the packed one on Lambda, the defaults without a file. */
export async function withdrawCommand({ by = osUserName(), why, json }: Who): Promise<number> {
  const at = new Date().toISOString();
  const version = await withSealedStore(async ({ store }) => {
    if ((await store.newestPolicy())?.policy === undefined) return undefined;
    return store.publishPolicy({ by, at, ...(why === undefined ? {} : { why }) });
  });
  if (json) printJson({ withdrawn: version !== undefined, ...version });
  else if (version === undefined) print("Nothing is published, so there is nothing to withdraw.");
  else print("Withdrawn: the policy that each process was started or deployed with counts again.");
  return EXIT.done;
}

/** Lists the versions, newest first, or prints the policy of one as JSON. */
export async function versionsCommand(options: { json?: boolean; show?: number }): Promise<number> {
  const versions = storeExists() ? await withStore((store) => store.policyVersions()) : [];
  if (options.show !== undefined) {
    const shown = versions.find(({ version }) => version === options.show);
    if (shown?.policy === undefined) {
      print(`There is no policy in a version ${options.show}.`);
      return EXIT.failed;
    }
    printJson(shown.policy);
    return EXIT.done;
  }
  if (options.json) printJson(versions);
  else if (versions.length === 0) print("No policy was ever published in this store.");
  else for (const [index, version] of versions.entries()) print(lineOf(version, index === 0));
  return EXIT.done;
}

function lineOf({ version, at, by, why, policy }: PolicyVersion, newest: boolean): string {
  const what = policy === undefined ? "withdrawn" : policyDigest(policy).slice(0, 12);
  const valid = policy === undefined || Policy.safeParse(policy).success;
  const notes = [
    newest && policy !== undefined ? "in force" : "",
    valid ? "" : "not valid for this OpsAgent",
    why === undefined ? "" : foldLine(why),
  ].filter((note) => note !== "");
  const noted = notes.length === 0 ? "" : `  (${notes.join("; ")})`;
  return `${version}  ${at}  ${what}  by ${foldLine(by)}${noted}`;
}
