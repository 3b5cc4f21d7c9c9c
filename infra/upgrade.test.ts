/** What an update deploys: an incident that waits stays on the version it began on, for as long as it may run. */
import { expect, it } from "vitest";
import { synthesise } from "./test-stack.ts";

const POLICY = "services:\n  shop: { modes: { restart: auto, scale: approve, rollback: approve } }\n";
const STRICTER = POLICY.replace("restart: auto", "restart: approve");

const before = synthesise({ policy: POLICY }).template;

type Synthesised = typeof before;

/** The published version of the incident function: its name in the template, and the resource. */
function versionOf(template: Synthesised) {
  const found = Object.entries(template.findResources("AWS::Lambda::Version")).filter(([id]) =>
    id.startsWith("Incident"),
  );
  expect(found).toHaveLength(1);
  return found[0] ?? (["", {}] as const);
}

function functionIds(template: Synthesised): string[] {
  return Object.keys(template.findResources("AWS::Lambda::Function"));
}

it.each([
  ["the code", synthesise({ policy: POLICY, code: "export const handler = () => 2;" }).template],
  ["the policy", synthesise({ policy: STRICTER }).template],
])("another version of %s is published beside the one that incidents run on, which stays", (_, after) => {
  const [oldId, old] = versionOf(before);
  const [newId] = versionOf(after);

  // Removed from the template, and retained: CloudFormation forgets it, and Lambda keeps it.
  expect(newId).not.toBe(oldId);
  expect(old).toMatchObject({ DeletionPolicy: "Retain" });
  // The function is updated in place; a new one would take all its versions with it.
  expect(functionIds(after)).toEqual(functionIds(before));
  after.hasResourceProperties("AWS::Lambda::Alias", {
    Name: "live",
    FunctionVersion: { "Fn::GetAtt": [newId, "Version"] },
  });
});

it("nothing new publishes nothing new", () => {
  const [again] = versionOf(synthesise({ policy: POLICY }).template);

  expect(again).toBe(versionOf(before)[0]);
});
