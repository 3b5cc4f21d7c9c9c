/** What the intake reads of AWS, loaded when the first event needs it: most alarms name their service themselves. */
import type { AwsAdapters, AwsSettings } from "../adapters/aws/index.ts";
import type { IngestionDependencies } from "../workflow/dependencies.ts";

/** Returns the readers; nothing is loaded or called before the first read. */
export function createIngestionReaders({
  region,
  endpoint,
}: {
  readonly region: string;
  readonly endpoint?: string | undefined;
}): NonNullable<IngestionDependencies["readers"]> {
  let loaded: Promise<AwsAdapters> | undefined;
  const settings: AwsSettings = { region, ...(endpoint === undefined ? {} : { endpoint }) };
  const load = () => {
    loaded ??= import("../adapters/aws/index.ts").then(({ createAwsAdapters }) =>
      createAwsAdapters(settings),
    );
    return loaded;
  };
  return {
    alarms: {
      alarm: async (...asked) => (await load()).alarms.alarm(...asked),
      contributors: async (...asked) => (await load()).alarms.contributors(...asked),
    },
    ecs: { tasks: async (...asked) => (await load()).ecs.tasks(...asked) },
  };
}
