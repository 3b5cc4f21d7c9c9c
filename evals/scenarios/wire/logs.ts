/** CloudWatch Logs: pages newest first, one of them empty now and then, as FilterLogEvents gives them. */
import { awsError, json } from "../../../test/support/aws-stub-answers.ts";
import { chatterLine, fill, writeLine } from "../log-styles.ts";
import { createRandom } from "../random.ts";
import type { LogSpec } from "../types.ts";
import type { Handlers } from "./handlers.ts";
import type { Scene } from "./scene.ts";

interface Event {
  readonly timestamp: number;
  readonly logStreamName: string;
  readonly message: string;
  readonly order: number;
}

const PAGE = 400;

/** FilterLogEvents of the case. */
export function logHandlers(scene: Scene): Handlers {
  const { logs } = scene.world;
  let events: Event[] | undefined;
  return {
    FilterLogEvents: (input) => {
      const group = String(input["logGroupName"]);
      if (logs === "missing" || group !== scene.logGroup) {
        return awsError("ResourceNotFoundException", { message: "The specified log group does not exist." });
      }
      if (logs === "silent") return json({ events: [], searchedLogStreams: [] });
      events ??= eventsOf(scene, logs ?? { style: "node", entries: [] });
      const [from, to] = [Number(input["startTime"]), Number(input["endTime"])];
      const newestFirst = input["startFromHead"] === false;
      const found = events.filter(({ timestamp }) => timestamp >= from && timestamp <= to);
      if (newestFirst) found.reverse();
      const [start = 0, empty = 0] = String(input["nextToken"] ?? "0/0")
        .split("/")
        .map(Number);
      if (start === PAGE && empty === 0) return json({ events: [], nextToken: `${start}/1` });
      const next = start + PAGE < found.length ? { nextToken: `${start + PAGE}/0` } : {};
      return json({
        events: found.slice(start, start + PAGE).map(({ order, ...event }) => ({
          ...event,
          ingestionTime: event.timestamp + 900,
          eventId: `3${order}`,
        })),
        searchedLogStreams: [],
        ...next,
      });
    },
  };
}

function eventsOf(scene: Scene, logs: LogSpec): Event[] {
  const random = createRandom(`${scene.name} logs`);
  const streams = [...scene.running.filter((task) => task.age !== undefined), ...scene.stopped].map(
    (task) => `app/${scene.container}/${task.id}`,
  );
  const events: Event[] = [];
  const emit = (minute: number, lines: readonly string[], of = streams) => {
    const logStreamName = of[random.integer(0, of.length - 1)] ?? `app/${scene.container}/gone`;
    for (const message of lines) {
      events.push({
        timestamp: Math.round(scene.time(minute)),
        logStreamName,
        message,
        order: events.length,
      });
    }
  };
  const spread = ([from, to]: readonly [number, number], rate: number, write: (minute: number) => void) => {
    const count = Math.max(rate > 0 ? 1 : 0, Math.round((to - from) * rate));
    for (let index = 0; index < count; index += 1)
      write(from + ((to - from) * (index + random.next())) / count);
  };
  spread(logs.chatterWindow ?? [-25, 0], logs.chatter ?? 20, (minute) =>
    emit(minute, [chatterLine(logs.style, new Date(Math.round(scene.time(minute))), random)]),
  );
  for (const entry of logs.entries) {
    const own = entry.tasks?.flatMap((index) => {
      const id = scene.running[index]?.id;
      return id === undefined ? [] : [`app/${scene.container}/${id}`];
    });
    spread([entry.from, entry.to], entry.rate, (minute) => {
      const time = new Date(Math.round(scene.time(minute)));
      const [first = "", ...rest] = entry.text.split("\n");
      const head = entry.bare ? fill(first, random) : writeLine(logs.style, time, entry.level, first, random);
      emit(minute, [head, ...rest], own);
    });
  }
  return events
    .filter(({ timestamp }) => timestamp <= scene.now)
    .sort((one, other) => one.timestamp - other.timestamp || one.order - other.order);
}
