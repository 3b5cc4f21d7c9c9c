import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { policyDocument, publishedSchemas } from "../../scripts/generate-schemas.ts";
import { readPolicy } from "../../src/policy/policy-file.ts";

const fileOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

it.each([...publishedSchemas()])("%s is what scripts/generate-schemas.ts writes", (path, schema) => {
  const published = JSON.parse(fileOf(path));

  expect(published).toEqual(schema);
});

describe("the policy's schema", () => {
  interface Shape {
    additionalProperties?: unknown;
    properties?: Record<string, Shape>;
    items?: Shape;
    default?: unknown;
    description?: string;
  }
  const schema = publishedSchemas().get("docs/schemas/policy.v1.json") as Shape;

  /** Every object and key in it, by path. */
  function parts(shape: Shape, path = ""): [string, Shape][] {
    const named = Object.entries(shape.properties ?? {});
    const open = typeof shape.additionalProperties === "object" ? [["*", shape.additionalProperties]] : [];
    const inner = [...named, ...open, ...(shape.items ? [["[]", shape.items]] : [])] as [string, Shape][];
    return [[path, shape], ...inner.flatMap(([key, part]) => parts(part, `${path}.${key}`))];
  }

  it("allows no unknown key anywhere", () => {
    const open = parts(schema).filter(
      ([, shape]) => shape.properties !== undefined && shape.additionalProperties !== false,
    );

    expect(open).toEqual([]);
  });

  it("gives no default to the modes of a single service, whose default is the policy's mode", () => {
    const ofServices = parts(schema).filter(([path]) => path.startsWith(".services.*"));

    expect(ofServices.length).toBeGreaterThan(4);
    expect(ofServices.filter(([, shape]) => shape.default !== undefined)).toEqual([]);
  });

  it("says of every section and limit what it is for", () => {
    const silent = parts(schema)
      .filter(([path, shape]) => path !== "" && !/[\]*]$/.test(path) && shape.description === undefined)
      .map(([path]) => path);

    expect(silent).toEqual([
      ".services.*.modes.restart",
      ".services.*.modes.scale",
      ".services.*.modes.rollback",
    ]);
  });
});

describe("docs/policy.md", () => {
  const document = fileOf("docs/policy.md");

  it("has the keys as scripts/generate-schemas.ts writes them", () => {
    expect(document).toBe(policyDocument(document));
    expect(document).toContain("| `limits.maxTasks`");
  });

  it("shows a policy that is valid", () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(document)?.[1] ?? "unknown: true";

    expect(readPolicy(example)).toMatchObject({
      ok: true,
      policy: { services: { payments: { protected: true } } },
    });
  });
});
