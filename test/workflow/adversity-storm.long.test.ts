/** Four hundred alarms of eight sick services: none lost, one incident a service, no mass action. */
import { expect, it } from "vitest";
import { runStorm } from "../support/alarm-storm.ts";
import { FAST_POLICY } from "../support/leaking-service.ts";

const SERVICES = 8;
const ALARMS = 400;
const BLAST_RADIUS = 2;
const POLICY = `${FAST_POLICY}limits:\n  blastRadiusServices: ${BLAST_RADIUS}\napprovals:\n  cliUsers: []\n`;

/** Of those that the blast radius leaves to people at once, later alarms of the same fault belong to the first incident. */
it("are one incident for each service that is left to people, when they come one after the other", async () => {
  const policy = POLICY.replace("settleSeconds: 3", "settleSeconds: 20");

  const storm = await runStorm({ services: SERVICES, alarms: ALARMS, seconds: 10, policy });

  const left = storm.incidents.filter(({ target }) => !storm.acted.includes(target?.service ?? ""));
  expect(storm).toMatchObject({ accepted: ALARMS, refused: [], lost: [] });
  expect(new Set(storm.acted).size).toBe(BLAST_RADIUS);
  expect(left).toHaveLength(SERVICES - BLAST_RADIUS);
  for (const { joined } of left) expect(joined).toHaveLength(ALARMS / SERVICES - 1);
}, 240_000);

it("loses none, opens one incident a service and acts on no more services than allowed", async () => {
  const storm = await runStorm({ services: SERVICES, alarms: ALARMS, seconds: 0, policy: POLICY });

  expect(storm).toMatchObject({ accepted: ALARMS, refused: [], lost: [], joined: ALARMS - SERVICES });
  expect(storm.incidents).toHaveLength(SERVICES);
  expect(new Set(storm.incidents.map(({ target }) => target?.service)).size).toBe(SERVICES);
  expect(storm.acted).toHaveLength(BLAST_RADIUS);
  expect(new Set(storm.acted).size).toBe(BLAST_RADIUS);
  expect(storm.mutations).toBe(BLAST_RADIUS);
  expect(storm.slackMessages).toBe(SERVICES);
  for (const incident of storm.incidents) expect(incident.closedAt).toBeDefined();
}, 240_000);
