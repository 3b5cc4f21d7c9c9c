/** Takes over executions whose worker is gone, as far as they are of this version. */
import type { Candidate, Claims } from "./claims.ts";
import type { EngineClock } from "./clock.ts";
import type { Database } from "./storage/database.ts";
import { endExecution } from "./storage/execution-store.ts";
import type { MismatchVerdict, VersionMismatch } from "./types.ts";

export type Adoption = {
  /** Takes over free executions and returns how many. Without `everything` only watched ones. */
  adopt(): Promise<number>;
  /** Takes over every free execution from now on. */
  everything(): void;
  /** Takes over this execution when it becomes free. */
  watch(id: number): void;
};

export function createAdoption(
  database: Database,
  clock: EngineClock,
  claims: Claims,
  codeVersion: string,
  judgeMismatch: (mismatch: VersionMismatch) => MismatchVerdict | Promise<MismatchVerdict>,
): Adoption {
  const watched = new Set<number>();
  const leftAlone = new Set<number>();
  let takesEverything = false;

  async function adoptOne(candidate: Candidate): Promise<boolean> {
    if (candidate.codeVersion === codeVersion) {
      return database.write(() => claims.claim(candidate.id, clock.now()));
    }
    const mismatch = {
      name: candidate.name,
      storedVersion: candidate.codeVersion,
      runningVersion: codeVersion,
    };
    if ((await judgeMismatch(mismatch)) === "fail") await failMismatch(candidate);
    else leftAlone.add(candidate.id);
    return false;
  }

  async function failMismatch({ id, codeVersion: stored }: Candidate): Promise<void> {
    const ErrorMessage = `Begun by version ${stored}, found unfinished by version ${codeVersion}.`;
    const ending = { status: "FAILED", error: { ErrorType: "CodeVersionMismatch", ErrorMessage } } as const;
    await database.write(() => {
      if (claims.isFree(id)) endExecution(database, id, ending, clock.now());
    });
  }

  return {
    async adopt() {
      if (!takesEverything && watched.size === 0) return 0;
      let adopted = 0;
      for (const candidate of claims.candidates()) {
        const wanted = takesEverything || watched.has(candidate.id);
        if (wanted && !leftAlone.has(candidate.id) && (await adoptOne(candidate))) adopted += 1;
      }
      return adopted;
    },
    everything: () => {
      takesEverything = true;
    },
    watch: (id) => void watched.add(id),
  };
}
