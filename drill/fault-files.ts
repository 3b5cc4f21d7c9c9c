/** Lists the fault files for a driver. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface ListedFault {
  readonly name: string;
  readonly title: string;
  /** Acceptable causes; the first is the class of the fault. */
  readonly causes: readonly string[];
}

/** Every fault of the library, by file name. The sandbox itself checks the files. */
export function listFaults(): ListedFault[] {
  const folder = join(import.meta.dirname, "../packages/ecs-sandbox/faults");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => {
      const { name, title, truth } = JSON.parse(readFileSync(join(folder, file), "utf8")) as {
        name: string;
        title: string;
        truth: { causes: string[] };
      };
      return { name, title, causes: truth.causes };
    });
}
