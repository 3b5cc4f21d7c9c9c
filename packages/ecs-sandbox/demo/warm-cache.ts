/** Memory that a demo service takes at its start and may give back later. */
import { log } from "./log.ts";
import { collectGarbage } from "./memory.ts";

let cache: Buffer[] = [];

/** Fills the cache by `WARM_CACHE_MIB`; without it there is none. */
export function warmCache(): void {
  const mebibytes = Number(process.env["WARM_CACHE_MIB"] ?? "0");
  if (mebibytes === 0) return;
  cache = Array.from({ length: mebibytes }, () => Buffer.alloc(1_048_576, 0x2a));
  log("INFO", "catalog-cache", `catalog cache filled, ${mebibytes} MiB`);
}

/** Empties it and has the memory collected, so that the process really holds less. */
export function dropCache(): void {
  const held = cache.length;
  cache = [];
  collectGarbage();
  log("INFO", "catalog-cache", `catalog cache cleared, ${held} MiB, reading again on demand`);
}
