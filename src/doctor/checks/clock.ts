import { type Check, failed, ok, skipped, warning } from "../check.ts";

/** Well below what AWS refuses, well above the error of a synchronised clock. Milliseconds. */
const WARN_MS = 60_000;
/** AWS refuses requests signed with a clock that differs by more (AWS General Reference, Signature Version 4). */
const REFUSED_MS = 5 * 60_000;

export const clock: Check = {
  id: "clock",
  area: "aws",
  does: "This machine's clock agrees with AWS' (the Date of an answer): above 60 s it warns, above 5 min AWS refuses.",
  remedy: "Synchronise the clock (chrony, systemd-timesyncd or the hypervisor's time service).",
  atStart: true,
  async run({ identity }) {
    const { clockAheadMs } = await identity();
    if (clockAheadMs === undefined) return skipped("The answer of AWS had no date.");
    const off = Math.abs(clockAheadMs);
    const seen = `${Math.round(off / 1000)} s ${clockAheadMs < 0 ? "behind" : "ahead of"} AWS`;
    if (off > REFUSED_MS) return failed(`${seen}: signed requests are refused`, clock.remedy);
    return off > WARN_MS
      ? warning(`${seen}: windows of metrics and logs are off by as much`, clock.remedy)
      : ok(`within ${Math.max(1, Math.ceil(off / 1000))} s of AWS`);
  },
};
