import { beforeEach, expect, it } from "vitest";
import { incidentStream } from "../../../../test/samples/incident-events.ts";
import { resolvedIncident } from "../../../../test/samples/incidents.ts";
import { createProgress } from "./progress.ts";

const STREAM = incidentStream("inc-1", { looks: 6 });
const incident = { ...resolvedIncident(), id: "inc-1" };
let said: string[];

beforeEach(() => {
  said = [];
});

function tell(given: { quiet?: boolean; found?: string } = {}): void {
  const { quiet = false, found = "" } = given;
  const listener = createProgress({ write: (line) => said.push(line), quiet, found });
  for (const event of STREAM) listener(event, incident);
}

it("tells each stage in one line with its time and service, as it happens", () => {
  tell();

  expect(said[0]).toMatch(/^07:00:00 {2}payment-service {2}incident-opened: /);
  expect(said.some((line) => line.includes("  diagnosed: memory-leak"))).toBe(true);
  expect(said.join("")).not.toContain("\n");
});

it("says once what several looks found alike", () => {
  tell();

  const looks = said.filter((line) => line.includes("proving: "));
  expect(new Set(looks).size).toBe(looks.length);
});

it.each([false, true])("puts the question with the commands that answer it, quiet: %s", (quiet) => {
  tell({ quiet, found: "OPSAGENT_STORE='sqlite:x.db'" });

  expect(said).toEqual(
    expect.arrayContaining([
      expect.stringContaining("A person has to decide on payment-service: "),
      "  yes:  OPSAGENT_STORE='sqlite:x.db' opsagent approve inc-1 --plan hash",
      "  no:   OPSAGENT_STORE='sqlite:x.db' opsagent deny inc-1 --plan hash",
    ]),
  );
});

it("says nothing but questions when it is to be quiet", () => {
  tell({ quiet: true });

  expect(said).toHaveLength(4);
});

it("shows nothing that could move the cursor or forge a line", () => {
  const [opened] = STREAM;
  if (opened?.kind !== "opened") throw new Error("the stream begins otherwise");
  const listener = createProgress({ write: (line) => said.push(line), quiet: false, found: "" });
  const title = "x\n\u001b[2A09:00:00  shop  closed";

  listener(
    { ...opened, alert: { ...opened.alert, title } },
    { ...incident, target: { cluster: "c", service: "a\nb" } },
  );

  expect(said).toHaveLength(1);
  expect(said[0]).not.toContain("\n");
  expect(said[0]).not.toContain("\u001b");
});
