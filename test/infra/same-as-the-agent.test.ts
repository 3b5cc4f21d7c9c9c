import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { packedPolicy } from "../../infra/packed-policy.ts";
import { ACTIONS, type Action, type Mode, readPolicyView } from "../../infra/policy-view.ts";
import { synthesise } from "../../infra/test-stack.ts";
import { EXPIRY } from "../../src/adapters/dynamodb-store/unreadable-events.ts";
import { readPackedPolicy } from "../../src/policy/packed-policy.ts";
import { readPolicy } from "../../src/policy/policy-file.ts";
import { modeInForce } from "../../src/remediation/guardrails/mode.ts";
import { tableDefinition } from "../support/dynamodb-table.ts";

/** What is deployed and what the agent obeys are two readers of one file: here both are held together. */

const mode = fc.constantFrom<Mode>("observe", "approve", "auto");
const modes = fc.record({ restart: mode, scale: mode, rollback: mode }, { requiredKeys: [] });
const service = fc.constantFrom("shop", "cart", "jobs");
const policyFile = fc.record(
  {
    modes,
    killSwitch: fc.boolean(),
    evidence: fc.record({ cloudTrail: fc.boolean(), actionLogs: fc.boolean() }, { requiredKeys: [] }),
    alarms: fc.array(fc.record({ pattern: fc.constantFrom("a-*", "shop-*"), service })),
    services: fc.dictionary(service, fc.record({ modes, protected: fc.boolean() }, { requiredKeys: [] })),
  },
  { requiredKeys: [] },
);

describe("the policy file", () => {
  it("gives a permission exactly where the agent might act on a service that it names", () => {
    fc.assert(
      fc.property(
        policyFile,
        mode,
        service,
        fc.constantFrom<Action>(...ACTIONS),
        (file, ceiling, name, action) => {
          const text = JSON.stringify(file);
          const agent = readPolicy(text);
          if (!agent.ok) throw new Error(JSON.stringify(agent.problems));
          const { policy } = agent;
          const own = policy.services[name];
          const isNamed = own !== undefined || policy.alarms.some((alarm) => alarm.service === name);
          const mightAct =
            !policy.killSwitch &&
            own?.protected !== true &&
            modeInForce(policy, ceiling, name, action) !== "observe";

          const view = readPolicyView(text, ceiling);

          expect(view.mayAct(name).includes(action)).toBe(isNamed && mightAct);
          expect(view.readsCloudTrail).toBe(policy.evidence.cloudTrail);
          expect(view.readsActionLogs).toBe(policy.evidence.actionLogs);
        },
      ),
    );
  });

  it("is the same to the agent when it is deployed as JSON", () => {
    fc.assert(
      fc.property(policyFile, (file) => {
        const yaml = stringify(file);

        expect(readPackedPolicy(packedPolicy(yaml))).toEqual(readPolicy(yaml));
      }),
    );
    expect(readPackedPolicy(packedPolicy(""))).toEqual(readPolicy(""));
  });

  it.each(["", "{", "[]", "null", '{"surprise": 1}', '{"modes": {"restart": "perhaps"}}'])(
    "refuses what is no policy where it is deployed: %s",
    (text) => {
      expect(readPackedPolicy(text)).toMatchObject({
        ok: false,
        problems: [{ message: expect.any(String) }],
      });
    },
  );

  it.each([
    "",
    "modes: {}",
    "version: 2",
    "modes: { restart: perhaps }",
    "surprise: 1",
    "services: { a: { modus: 1 } }",
    "- 1",
  ])("is valid for both or for neither: %s", (text) => {
    const view = () => readPolicyView(text, "auto");

    if (readPolicy(text).ok) expect(view).not.toThrow();
    else expect(view).toThrow("not valid");
  });
});

describe("the table", () => {
  it("is the one that the store makes for itself", () => {
    const { template } = synthesise({ policy: "" });
    const [table] = Object.values(template.findResources("AWS::DynamoDB::Table"));
    const { TableName: _name, ...wanted } = tableDefinition("any");

    expect(table?.["Properties"]).toMatchObject({
      ...wanted,
      TimeToLiveSpecification: { AttributeName: EXPIRY, Enabled: true },
    });
  });
});
