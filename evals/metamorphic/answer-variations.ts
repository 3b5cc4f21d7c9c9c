/** Variations of what AWS answers: less of it, or the same twice. */
import { type Answer, awsError } from "../../test/support/aws-stub-answers.ts";
import type { Twist } from "../recorded/gather.ts";
import { hash } from "../scenarios/random.ts";
import type { Handlers } from "../scenarios/wire/handlers.ts";

/** A source that AWS refuses to be read. */
export const without = (...operations: readonly string[]): Twist => ({
  handlers: (given) => ({
    ...given,
    ...Object.fromEntries(
      operations.map((operation) => [operation, () => awsError("AccessDeniedException")]),
    ),
  }),
});

/** One point of ten of every metric is missing. */
export const missingPoints: Twist = {
  handlers: (given) =>
    changed(given, "GetMetricData", (body) => ({ ...body, MetricDataResults: thinned(body) })),
};

/** Tasks, log lines and scheduler events twice, as paging and at-least-once delivery give them. */
export const duplicates: Twist = {
  handlers: (given) => {
    const tasks = changed(given, "ListTasks", (body) => ({ ...body, taskArns: twice(body["taskArns"]) }));
    return changed(tasks, "FilterLogEvents", (body) => ({ ...body, events: twice(body["events"]) }));
  },
};

type Body = Readonly<Record<string, unknown>>;

function changed(given: Handlers, operation: string, change: (body: Body) => Body): Handlers {
  const own = given[operation];
  if (own === undefined) return given;
  return {
    ...given,
    [operation]: (input): Answer => {
      const answer = own(input);
      return answer.kind === "json" ? { ...answer, body: change(answer.body as Body) } : answer;
    },
  };
}

const twice = (list: unknown): unknown[] => (Array.isArray(list) ? list.flatMap((item) => [item, item]) : []);

function thinned({ MetricDataResults }: Body): unknown[] {
  const results = MetricDataResults as readonly { Id: string; Timestamps: number[]; Values: number[] }[];
  return results.map((result) => {
    const kept = result.Timestamps.map((t) => hash(`${result.Id} ${t}`) % 10 !== 0);
    return {
      ...result,
      Timestamps: result.Timestamps.filter((_, index) => kept[index]),
      Values: result.Values.filter((_, index) => kept[index]),
    };
  });
}
