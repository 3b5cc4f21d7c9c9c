/** Differences between two task definitions under pseudonyms. The rules read these texts, so their form stays. */
import { type Anonymiser, image, maybe } from "./anonymiser.ts";

interface Change {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** Changes of the task, as worded in evidence/facts/change-facts.ts. */
const OF_TASK = new Set([
  "task cpu",
  "task memory",
  "task role",
  "execution role",
  "network mode",
  "volumes",
]);

/** Changes of a container, after its name; a longer text stands before those that it ends with. */
const OF_CONTAINER = [
  "memory reservation",
  "environment names",
  "environment values",
  "secret names",
  "secret references",
  "image digest",
  "health check",
  "log driver",
  "command",
  "memory",
  "image",
  "ports",
  "cpu",
];

/** Returns one difference under pseudonyms. */
export function caseChange(change: Change, anonymiser: Anonymiser): Change {
  const { what, before, after } = change;
  if (OF_TASK.has(what))
    return { what, before: value(what, before, anonymiser), after: value(what, after, anonymiser) };
  const attribute = OF_CONTAINER.find((known) => what.endsWith(` ${known}`));
  if (attribute !== undefined) {
    const container = anonymiser.names.of("container", what.slice(0, -attribute.length - 1));
    return {
      what: `${container} ${attribute}`,
      before: value(attribute, before, anonymiser),
      after: value(attribute, after, anonymiser),
    };
  }
  const name = /^container (.+)$/s.exec(what)?.[1];
  return {
    what:
      maybe(name, (own) => `container ${anonymiser.names.of("container", own)}`) ??
      anonymiser.texts.text(what),
    before: value("image", before, anonymiser),
    after: value("image", after, anonymiser),
  };
}

function value(attribute: string, text: string, anonymiser: Anonymiser): string {
  if (text === "none" || text === "absent" || text === "another value" || text === "") return text;
  switch (attribute) {
    case "image":
      return image(text, anonymiser);
    case "image digest":
      return text.replace(/[0-9a-f]{8,64}/g, (hex) => anonymiser.names.of("digest", hex));
    case "task role":
    case "execution role":
      return anonymiser.names.of("role", text);
    case "volumes":
    case "environment names":
    case "secret names":
    case "environment values":
    case "secret references":
      return text.split(", ").map(anonymiser.texts.setting).join(", ");
    case "network mode":
    case "log driver":
      return anonymiser.texts.text(text);
    default:
      return anonymiser.texts.setting(text);
  }
}
