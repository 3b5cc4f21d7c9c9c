import { isMutating } from "./ledger.ts";
import type { AwsService, Operation } from "./service.ts";
import { snapshot } from "./state-snapshot.ts";

/** How finely the past is kept. */
const SNAPSHOT_INTERVAL = { milliseconds: 100 };

/** What {@link createLaggingReads} needs. `State` must be what `operationsOver` answers reads from. */
export interface LaggingReadsDeps<State> {
  readonly service: AwsService;
  readonly state: State;
  /** The service's operations over a state of the past; only its reading ones are used. */
  readonly operationsOver: (past: State) => Readonly<Record<string, Operation>>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A service whose reads may show an older state than its writes have made. */
export interface LaggingReads {
  readonly service: AwsService;
  /**
   * From now on reads show the state of so many milliseconds ago, though never one from before this call; 0
   * ends it. ECS' API follows an eventual consistency model without a number, so this is the scenario's choice.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
   */
  setLag(milliseconds: number): void;
}

/** Wraps a service; without a lag it is passed through and nothing is copied. */
export function createLaggingReads<State>(deps: LaggingReadsDeps<State>): LaggingReads {
  const { service, state, operationsOver, now } = deps;
  let lag = 0;
  let past: { at: number; operations: Readonly<Record<string, Operation>> }[] = [];
  let timer: NodeJS.Timeout | undefined;

  function remember(): void {
    const at = now();
    past.push({ at, operations: operationsOver(snapshot(state)) });
    // One snapshot older than the lag is needed, the others before it are not.
    const shown = past.findLastIndex((one) => one.at <= at - lag);
    if (shown > 0) past = past.slice(shown);
  }

  function reading(name: string, fresh: Operation): Operation {
    return (input) => {
      const shown = past.findLast((one) => one.at <= now() - lag) ?? past[0];
      const operation = shown?.operations[name] ?? fresh;
      return operation(input);
    };
  }

  return {
    service: {
      ...service,
      operations: Object.fromEntries(
        Object.entries(service.operations).map(([name, operation]) => [
          name,
          isMutating(name) ? operation : reading(name, operation),
        ]),
      ),
    },
    setLag(milliseconds) {
      clearInterval(timer);
      timer = undefined;
      lag = milliseconds;
      past = [];
      if (lag <= 0) return;
      remember();
      timer = setInterval(remember, SNAPSHOT_INTERVAL.milliseconds);
      timer.unref();
    },
  };
}
