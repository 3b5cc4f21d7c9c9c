/**
 * `node scripts/sbom.ts` prints what is installed for production by package-lock.json as CycloneDX 1.5: each package with
 * its version, licence, address and hash. Not `npm sbom --omit=...`: it leaves out what is also an optional peer of some
 * package, such as zod. The same lock file gives the same text. https://cyclonedx.org/docs/1.5/json/
 */
import { readFileSync } from "node:fs";
import { z } from "zod";

const Lock = z.object({
  name: z.string(),
  version: z.string(),
  packages: z.record(
    z.string(),
    z.object({
      name: z.string().optional(),
      version: z.string().optional(),
      license: z.string().optional(),
      integrity: z.string().optional(),
      dev: z.boolean().optional(),
      optional: z.boolean().optional(),
      devOptional: z.boolean().optional(),
    }),
  ),
});

/** The bill of materials of a lock file's text. Throws for a package without a hash: nothing vouches for it. */
export function billOfMaterials(lockText: string) {
  const { name, version, packages } = Lock.parse(JSON.parse(lockText));
  const installed = Object.entries(packages).filter(
    ([path, { dev, optional, devOptional }]) => path !== "" && !dev && !optional && !devOptional,
  );
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: { type: "application", name, version, "bom-ref": `${name}@${version}` } },
    components: installed.map(([path, entry]) => componentOf(path, entry)),
  };
}

function componentOf(path: string, entry: z.infer<typeof Lock>["packages"][string]) {
  const name = entry.name ?? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  const { version = "", license, integrity } = entry;
  const [, algorithm, hash = ""] = /^sha(\d+)-(\S+)$/.exec(integrity ?? "") ?? [];
  if (algorithm === undefined) throw new Error(`${path} has no hash in the lock file.`);
  return {
    type: "library",
    "bom-ref": path,
    name,
    version,
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    ...(license === undefined ? {} : { licenses: [{ expression: license }] }),
    hashes: [{ alg: `SHA-${algorithm}`, content: Buffer.from(hash, "base64").toString("hex") }],
  };
}

if (import.meta.main) {
  const lock = readFileSync(new URL("../package-lock.json", import.meta.url), "utf8");
  process.stdout.write(`${JSON.stringify(billOfMaterials(lock), null, 2)}\n`);
}
