import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ServiceExplanation } from "../../src/reporting/overview/explain-service.ts";
import { withWorld } from "../support/agent-world.ts";
import { alarmMessage, cpuAlarmMessage, snsEvent } from "../support/alarm-events.ts";
import { type Answer, json } from "../support/aws-stub-answers.ts";
import { runCliHere } from "../support/command-line.ts";

/** What `policy explain` promises is what an incident of that fault then comes to: the same service, the same rules. */

const KINDS = { acts: "act", asks: "ask", refuses: "decline", impossible: "decline" } as const;

interface Case {
  readonly name: string;
  readonly cause: "memory-leak" | "traffic-spike";
  /** Lines added to the policy file. */
  readonly policy?: string;
  /** Members of the service that are other than usual. */
  readonly service?: Readonly<Record<string, unknown>>;
}

/** What DescribeServices answers, with these members in place of its own. */
function withMembers(answer: Answer, members: Readonly<Record<string, unknown>>): Answer {
  if (answer.kind !== "json") throw new Error(`an answer in JSON was expected, not ${answer.kind}`);
  const [service] = (answer.body as { services: Record<string, unknown>[] }).services;
  return json({ services: [{ ...service, ...members }], failures: [] });
}

const CASES: readonly Case[] = [
  { name: "nothing in the way", cause: "memory-leak" },
  {
    name: "AWS's default of minimum healthy 100 %",
    cause: "memory-leak",
    service: { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200 } },
  },
  { name: "a protected service", cause: "memory-leak", policy: "services: { shop: { protected: true } }" },
  { name: "the mode observe", cause: "memory-leak", policy: "modes: { restart: observe }" },
  {
    name: "another deployment controller",
    cause: "traffic-spike",
    service: { deploymentController: { type: "CODE_DEPLOY" } },
  },
  { name: "room to scale", cause: "traffic-spike" },
  { name: "the policy's maximum reached", cause: "traffic-spike", policy: "limits: { maxTasks: 3 }" },
  { name: "the mode approve", cause: "traffic-spike", policy: "modes: { scale: approve }" },
];

/** The policy with this line, in place of the one for the same key. */
function withLine(text: string, line: string): string {
  const key = line.slice(0, line.indexOf(":") + 1);
  return [...text.split("\n").filter((other) => !other.startsWith(key)), line, ""].join("\n");
}

describe("policy explain on a real service", () => {
  for (const { name, cause, policy, service } of CASES) {
    it(
      `says before the fault what its incident comes to: ${cause}, ${name}`,
      withWorld(
        { sickness: cause === "memory-leak" ? "leak" : "traffic" },
        async ({ aws, env, handleOne }) => {
          const file = env["OPSAGENT_POLICY"] ?? "";
          if (policy !== undefined) writeFileSync(file, withLine(readFileSync(file, "utf8"), policy));
          if (service !== undefined) {
            aws.on("DescribeServices", (input) =>
              withMembers(aws.answer("DescribeServices", input), service),
            );
          }

          const { stdout, exit } = await runCliHere(
            ["policy", "explain", "--service", "shop", "--cause", cause, "--json"],
            Object.fromEntries(Object.entries(env).map(([key, value]) => [key, value ?? ""])),
          );
          const alarm = cause === "memory-leak" ? alarmMessage() : cpuAlarmMessage();
          const incident = await handleOne(snsEvent(alarm));

          const explained = JSON.parse(stdout) as ServiceExplanation;
          const promised = explained.service.state === "read" ? explained.service.remedies[0] : undefined;
          expect(exit).toBe(0);
          expect(promised?.verdict).toBeDefined();
          expect(incident.decision?.kind).toBe(KINDS[promised?.verdict ?? "acts"]);
        },
      ),
    );
  }
});
