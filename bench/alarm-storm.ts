/**
 * Ten thousand alarms in a minute over 200 sick services, into one process: `node bench/alarm-storm.ts [SECONDS
 * [ALARMS [SERVICES]]]`; 0 seconds: all at once. The agent runs in its own process with its production wiring and the
 * policy's own times, except for the stub's series; AWS and Slack are local and answer at once. It takes about four
 * minutes.
 */
import { runStorm } from "../test/support/alarm-storm.ts";

/** The limits that the product has to keep. */
const BAR = { peakMiB: 300, blastRadiusServices: 5 } as const;

const [seconds = 60, alarms = 10_000, services = 200] = process.argv.slice(2, 5).map(Number);
const nodeArguments = process.argv.slice(5);

const storm = await runStorm({
  services,
  alarms,
  seconds,
  nodeArguments,
  policy: `version: 1
modes: { restart: auto, scale: auto, rollback: approve }
timing:
  metricPeriodSeconds: 1
  metricWindowMinutes: 3
limits:
  blastRadiusServices: ${BAR.blastRadiusServices}
approvals:
  cliUsers: []
`,
});

const { incidents, acted, lost } = storm;
const places = new Set(incidents.map(({ target }) => target?.service));
const statuses = Object.entries(Object.groupBy(incidents, ({ status }) => status))
  .map(([status, of]) => `${of?.length} ${status}`)
  .join(", ");
const took = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
console.log(`${alarms} alarms over ${services} services within ${seconds} s
accepted           ${storm.accepted} (${Math.round(storm.accepted / (storm.allAcceptedMs / 1_000))} a second), the last after ${took(storm.allAcceptedMs)}, the slowest took ${took(storm.slowestAcceptMs)}
lost               ${lost.length} (bar: 0)
incidents          ${incidents.length} of ${places.size} services (bar: one a service), ${storm.joined} alarms joined; ${statuses}
every one ended    after ${took(storm.allEndedMs)}
acted on           ${new Set(acted).size} services with ${storm.mutations} calls (bar: at most ${BAR.blastRadiusServices} services)
told               ${storm.slackMessages} Slack messages
peak memory        ${storm.peakMiB.toFixed(0)} MiB resident (bar: ${BAR.peakMiB} MiB)
complaints         ${JSON.stringify(storm.complaints)} ${storm.refused.join("; ")}`);
const tooMany = new Set(acted).size > BAR.blastRadiusServices || storm.mutations !== new Set(acted).size;
if (lost.length > 0 || tooMany || storm.peakMiB > BAR.peakMiB || incidents.length !== services) {
  process.exitCode = 1;
}
