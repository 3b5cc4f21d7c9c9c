/** The lines of a service's application, from every place where its containers write, and of its own tasks only. */

import { asOpsAgentError } from "../domain/errors.ts";
import type { Gap } from "../domain/evidence.ts";
import { type LogPlace, logPlacesOf, type StreamOwner, streamOwner } from "../domain/log-places.ts";
import type { LogLine, ServiceReading, TaskDefinitionReading, TaskReading } from "../domain/reading.ts";
import type { Window } from "./ports.ts";
import type { EvidenceContext } from "./source.ts";

/** What is known of the service when its lines are read. */
export interface KnownService {
  readonly service: ServiceReading | undefined;
  readonly definition: TaskDefinitionReading | undefined;
  readonly tasks:
    | { readonly running: readonly TaskReading[]; readonly stopped: readonly TaskReading[] }
    | undefined;
}

export interface LogLines {
  readonly places: readonly LogPlace[];
  /** Yields pages of lines. Throws where no place can be read; where some can, the others become gaps. */
  pages(window: Window, signal: AbortSignal): AsyncIterable<readonly LogLine[]>;
  /** Undefined for a stream that is not the application's. */
  ownerOf(stream: string): StreamOwner | undefined;
  /** What could not be read, as far as it is known by now. */
  gaps(): readonly Gap[];
}

/** Streams whose owner is remembered; more than a service of AWS's size has. */
const MOST_STREAMS = 20_000;

/** Prepares the reading of a service's log lines; nothing is read yet. */
export function createLogLines(context: EvidenceContext, known: KnownService): LogLines {
  const { target, logGroupPrefix, readers } = context;
  const otherwise = `${logGroupPrefix}${target.service}`;
  const { places, gaps } = logPlacesOf(known.definition, { cluster: target.cluster, otherwise });
  const tasks = wholeList(known);
  const ownerIn = new Map(places.map((place) => [place, streamOwner(place, tasks)] as const));
  const failures: Gap[] = [];

  async function* linesOf(place: LogPlace, window: Window, signal: AbortSignal) {
    const { group, region, streamPrefix } = place;
    const isOwn = remembering((stream) => ownerIn.get(place)?.(stream) !== undefined);
    const options = {
      signal,
      ...(region === undefined ? {} : { region }),
      ...(streamPrefix === undefined ? {} : { streamPrefix }),
    };
    for await (const page of readers.logs.lines(group, window, options)) {
      const own = page.filter(({ stream }) => isOwn(stream));
      if (own.length > 0) yield own;
    }
  }

  return {
    places,
    async *pages(window, signal) {
      failures.length = 0;
      for (const place of places) {
        try {
          yield* linesOf(place, window, signal);
        } catch (thrown) {
          if (signal.aborted || failures.length + 1 === places.length) throw thrown;
          const { code, message, remedy } = asOpsAgentError(thrown);
          failures.push({ source: "logs", code, message, remedy, important: false });
        }
      }
    },
    ownerOf: remembering((stream) => {
      for (const owner of ownerIn.values()) {
        const found = owner(stream);
        if (found !== undefined) return found;
      }
      return undefined;
    }),
    gaps: () => [...gaps, ...failures],
  };
}

/** Asks once for each stream, in bounded memory. */
function remembering<T>(ask: (stream: string) => T): (stream: string) => T {
  const answers = new Map<string, T>();
  return (stream) => {
    const known = answers.get(stream);
    if (known !== undefined || answers.has(stream)) return known as T;
    if (answers.size >= MOST_STREAMS) answers.clear();
    const answer = ask(stream);
    answers.set(stream, answer);
    return answer;
  };
}

/**
 * Returns the tasks where ECS lists all that run. Of those that stopped within the hour the newest are listed, and only
 * those can have said something lately.
 */
function wholeList({ service, tasks }: KnownService): readonly TaskReading[] | undefined {
  if (tasks === undefined || tasks.running.length < (service?.running ?? 0)) return undefined;
  return [...tasks.running, ...tasks.stopped];
}
