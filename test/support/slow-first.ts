import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Files that take long although they are small, the longest first. Without results of an earlier run the runner begins
 * with the largest files, and the last worker would be alone with these.
 */
const SLOW = [
  "evals/metamorphic/metamorphic.long",
  "test/e2e/bad-input/triggers.long",
  "test/adversarial/planted.long",
  "test/crash/incident-kill.long",
  "test/workflow/adversity-",
  "test/workflow/faults",
  "test/e2e/many-deliveries.long",
  "adapters/dynamodb-store/dynamodb-store",
  "test/workflow/golden-steps",
  "test/e2e/bad-input/",
  "test/adversarial/",
  "evals/recorded/",
  "test/workflow/",
  "test/e2e/",
  "adapters/sqlite-store/sqlite-store.contract",
  "test/crash/",
  "test/contract/",
] as const;

/** Begins with the slow files of each project; the others keep the runner's order. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const ofProjects = Map.groupBy(sorted, ({ project }) => project);
    return [...ofProjects.values()].flatMap((own) =>
      own.toSorted((one, other) => rankOf(one) - rankOf(other)),
    );
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = SLOW.findIndex((part) => moduleId.includes(part));
  return rank < 0 ? SLOW.length : rank;
}
