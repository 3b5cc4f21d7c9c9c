/** What the releases of the demo services do differently. The versions say nothing about it. */
import { changeConditions } from "./conditions.ts";
import { fillDisk } from "./faults.ts";
import { log } from "./log.ts";
import { climb } from "./memory.ts";

/** A release, where it is not like the first one. */
interface Release {
  /** Where it answers health checks. */
  readonly healthPath?: string;
  /** Variables that it cannot start without. */
  readonly needs?: readonly string[];
  /** Times the CPU work of the first release. */
  readonly cpuFactor?: number;
  /** What it sets when the task definition does not. */
  readonly defaults?: Readonly<Record<string, string>>;
  readonly start?: () => void;
  /** How long it reads its data before it answers anything but 503. */
  readonly warmUpMs?: number;
}

const shop: Readonly<Record<string, Release>> = {
  "1.7.0": { start: () => finishEarly(3000) },
  "1.8.0": { needs: ["CHECKOUT_SIGNING_KEY"] },
  "1.9.0": { healthPath: "/health/live" },
  "1.10.0": { start: () => changeConditions({ exitAfter: { requests: 150, code: 1 } }) },
  "1.11.0": { start: () => climb({ mebibytesPerSecond: 3 }) },
  "1.12.0": { cpuFactor: 6 },
  "1.13.0": { defaults: { INVENTORY_TIMEOUT_MS: "300", INVENTORY_RETRIES: "5" } },
  "1.14.0": { start: () => fillDisk(1) },
  "1.15.0": { start: () => changeConditions({ slow: 900 }) },
  "1.16.0": { warmUpMs: 12_000 },
};

const inventory: Readonly<Record<string, Release>> = {
  "2.1.0": { start: () => changeConditions({ leakConnections: 0.2 }) },
};

/** The tags that exist, the first releases and those of `pricing.ts` included. */
export const shopVersions = ["1.4.1", "1.4.2", "1.5.0", "1.6.0", ...Object.keys(shop)];
export const inventoryVersions = ["2.0.3", ...Object.keys(inventory)];

/** The release of a version; the sound one when nothing is said of it. */
export function releaseOf(service: "shop" | "inventory", version: string): Release {
  return (service === "shop" ? shop : inventory)[version] ?? {};
}

/** Ends this process when the release needs a variable that is not set. */
export function requireSettings(release: Release): void {
  const missing = (release.needs ?? []).filter((name) => (process.env[name] ?? "") === "");
  if (missing.length === 0) return;
  log("ERROR", "config", `required setting ${missing.join(", ")} is not set`);
  process.exit(1);
}

/** A setting of the task definition, else of the release, else this one. */
export function settingOf(release: Release, name: string, otherwise: string): string {
  return process.env[name] ?? release.defaults?.[name] ?? otherwise;
}

function finishEarly(afterMs: number): void {
  setTimeout(() => {
    log("INFO", "server", "price import finished, nothing left to do");
    process.exit(0);
  }, afterMs);
}
