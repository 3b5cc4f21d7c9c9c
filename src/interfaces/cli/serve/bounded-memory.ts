/** Keeps a process that stays from taking memory only because the machine has it. */
import { setFlagsFromString } from "node:v8";

/**
 * Left alone, V8 lets garbage grow with the machine's memory: an alarm storm took 400 MiB of a 24 GiB machine, of which
 * 50 to 100 were in use. A smaller nursery and earlier collections cost some time and hold it near 200
 * (`npm run bench -- alarm-storm`). Call it before the work begins; both are flags of V8 that it reads as it goes.
 */
export function boundMemory(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=30");
}
