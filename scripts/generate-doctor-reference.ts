/** `node scripts/generate-doctor-reference.ts` writes the list of checks in docs/doctor.md from the checks themselves. */
import { readFileSync, writeFileSync } from "node:fs";
import { AREAS, type Area, type Check } from "../src/doctor/check.ts";
import { CHECKS } from "../src/doctor/registry.ts";

const BEGIN = "<!-- checks: written by scripts/generate-doctor-reference.ts -->";
const END = "<!-- end of checks -->";

/** Returns docs/doctor.md with the generated part replaced. Throws without the marks. */
export function doctorDocument(current: string): string {
  const begin = current.indexOf(BEGIN);
  const end = current.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/doctor.md needs the marks ${BEGIN} and ${END}`);
  return `${current.slice(0, begin)}${BEGIN}\n\n${reference()}\n\n${current.slice(end)}`;
}

function reference(): string {
  return (Object.keys(AREAS) as Area[])
    .map((area) => {
      const checks = CHECKS.filter((check) => check.area === area);
      return [`### ${AREAS[area]}`, ...checks.map(section)].join("\n\n");
    })
    .join("\n\n");
}

function section({ id, does, remedy, permissions, atStart }: Check): string {
  const notes = [
    ...(permissions === undefined
      ? []
      : [
          `Asks for ${permissions.map((one) => `\`${one}\``).join(", ")}, which the agent itself does not need.`,
        ]),
    ...(atStart ? ["Also made when `opsagent serve` starts."] : []),
  ];
  return [
    `**\`${id}\`** ${does}`,
    `_Remedy:_ ${remedy}`,
    ...(notes.length > 0 ? [notes.join(" ")] : []),
  ].join("\n\n");
}

if (import.meta.main) {
  const file = new URL("../docs/doctor.md", import.meta.url);
  writeFileSync(file, doctorDocument(readFileSync(file, "utf8")));
}
