/** All signs by name. */
import type { EvidenceView } from "../view/evidence-view.ts";
import { ALARM_SIGNS } from "./alarm.ts";
import { COMPOSITE_SIGNS } from "./composite.ts";
import { CPU_SIGNS } from "./cpu.ts";
import { FAILURE_SIGNS } from "./failures.ts";
import { HEALTH_SIGNS } from "./health.ts";
import { MEMORY_SIGNS } from "./memory.ts";
import { RELEASE_SIGNS } from "./release.ts";
import { SERVICE_SIGNS } from "./service.ts";
import type { Reading, Sign } from "./sign.ts";
import { STOP_SIGNS } from "./stops.ts";
import { TRAFFIC_SIGNS } from "./traffic.ts";
import { WORD_SIGNS } from "./words.ts";

export const SIGNS = {
  ...STOP_SIGNS,
  ...MEMORY_SIGNS,
  ...TRAFFIC_SIGNS,
  ...CPU_SIGNS,
  ...FAILURE_SIGNS,
  ...HEALTH_SIGNS,
  ...WORD_SIGNS,
  ...RELEASE_SIGNS,
  ...SERVICE_SIGNS,
  ...ALARM_SIGNS,
  ...COMPOSITE_SIGNS,
} as const satisfies Record<string, Sign>;

export type SignId = keyof typeof SIGNS;

/** A sign with its name and what it reads in the evidence. */
export interface NamedReading {
  readonly id: SignId;
  readonly family: string;
  readonly what: string;
  readonly unexplained: number | undefined;
  readonly reading: Reading | undefined;
}

/** Reads every sign. */
export function readSigns(view: EvidenceView): NamedReading[] {
  return (Object.entries(SIGNS) as [SignId, Sign][]).map(([id, { family, what, unexplained, read }]) => ({
    id,
    family,
    what,
    unexplained,
    reading: read(view),
  }));
}
