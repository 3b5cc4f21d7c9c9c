import fc from "fast-check";
import { type Approval, planHash } from "../../src/domain/approval.ts";
import type { Plan } from "../../src/domain/decision.ts";
import { hostileText } from "./arbitrary-incident.ts";
import { at, target, taskId } from "./evidence.ts";

/** Questions to people, for tests of everything that asks or answers. */

export const PLANS = {
  restart: {
    action: "restart",
    tasks: [
      {
        taskArn: `arn:aws:ecs:us-east-1:123456789012:task/production/${taskId}`,
        taskId,
        why: "its memory is the highest",
      },
    ],
  },
  scale: { action: "scale", from: 2, to: 4 },
  rollback: {
    action: "rollback",
    from: "payment-service:42",
    to: "payment-service:41",
    how: "stop-deployment",
    deploymentArn: "arn:aws:ecs:us-east-1:123456789012:service-deployment/production/payment-service/dpl-1",
  },
} as const satisfies Record<string, Plan>;

/** Asked at second 0; the deadline is half an hour later. */
export function scaleQuestion(over: Partial<Approval> = {}): Approval {
  const base = {
    id: "0b7f9a52-6a8e-4b0e-9a39-6cf3a1c8d001",
    incidentId: "inc-20261123-070000-payment-service",
    target,
    cause: "traffic-spike",
    severity: "P2",
    confidence: 0.86,
    rootCause: "Requests tripled, and CPU is at 96 percent on both tasks",
    why: "Scaling is for a person here. 3 actions were made on the service in the last hour.",
    plan: PLANS.scale,
    requestedAt: at(0),
    deadline: at(1_800),
    callbackId: "callback-secret-1",
    messages: {},
    ...over,
  } satisfies Omit<Approval, "planHash">;
  return { planHash: planHash(base.incidentId, base.target, base.plan), ...base };
}

const hostileTasks = fc.array(fc.record({ taskArn: hostileText, taskId: hostileText, why: hostileText }), {
  minLength: 1,
  maxLength: 40,
});

const hostilePlan: fc.Arbitrary<Plan> = fc.oneof(
  hostileTasks.map((tasks): Plan => ({ action: "restart", tasks })),
  fc.record({ from: fc.nat(), to: fc.nat() }).map((counts): Plan => ({ action: "scale", ...counts })),
  fc
    .record({
      from: hostileText,
      to: hostileText,
      how: fc.constantFrom("stop-deployment" as const, "update-service" as const),
      deploymentArn: hostileText,
    })
    .map((change): Plan => ({ action: "rollback", ...change })),
);

const hostileAnswer: fc.Arbitrary<Pick<Approval, "answer"> | Record<never, never>> = fc.oneof(
  fc.constant({}),
  fc
    .record({
      verdict: fc.constantFrom("approved" as const, "denied" as const, "expired" as const, "voided" as const),
      channel: fc.constantFrom("slack" as const, "cli" as const, "http" as const),
      id: fc.oneof(hostileText, fc.constant("U012AB3CD")),
      note: hostileText,
    })
    .map(({ verdict, channel, id, note }) => ({
      answer: { verdict, at: at(60), by: { channel, id }, note },
    })),
);

/** Questions whose every free text is hostile, answered or not. */
export const hostileQuestion: fc.Arbitrary<Approval> = fc
  .record({
    texts: fc.record({
      id: fc.oneof(hostileText, fc.uuid()),
      incidentId: hostileText,
      rootCause: hostileText,
      why: hostileText,
      planHash: hostileText,
    }),
    target: fc.record({ cluster: hostileText, service: hostileText }),
    confidence: fc.double(),
    plan: hostilePlan,
    deadline: fc.oneof(hostileText, fc.constant(at(1_800))),
    answer: hostileAnswer,
  })
  .map(({ texts, answer, ...rest }) => ({ ...scaleQuestion(), ...texts, ...rest, ...answer }));
