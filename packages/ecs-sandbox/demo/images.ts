import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Image, ImageRegistry } from "../ecs/images.ts";
import { guardDutyImage } from "../ecs/injected-agent.ts";
import { inventoryVersions, shopVersions } from "./releases.ts";

/** The programs of the demo. */
export type DemoFile =
  | "shop.ts"
  | "inventory.ts"
  | "telemetry-agent.ts"
  | "log-router.ts"
  | "load.ts"
  | "database.ts"
  | "partner.ts";

/** Program and environment of a demo file, run by this Node. */
export function demoProgram(file: DemoFile): Image {
  return {
    root: import.meta.dirname,
    argv: [process.execPath, "--max-semi-space-size=2", join(import.meta.dirname, file)],
    // Keeps the stripped and compiled code, which saves each process a third of its start and 15 MiB.
    environment: { NODE_COMPILE_CACHE: join(tmpdir(), "opsagent-sandbox-compile-cache") },
  };
}

/** Puts the demo services into a registry, under the tags that exist. */
export function pushDemoImages(images: ImageRegistry): void {
  const shop = demoProgram("shop.ts");
  for (const tag of shopVersions) {
    images.push(`shop:${tag}`, { ...shop, environment: { ...shop.environment, APP_VERSION: tag } });
  }
  const inventory = demoProgram("inventory.ts");
  for (const tag of inventoryVersions) {
    images.push(`inventory:${tag}`, {
      ...inventory,
      environment: { ...inventory.environment, APP_VERSION: tag },
    });
  }
  images.push("telemetry-agent:0.108.1", demoProgram("telemetry-agent.ts"));
  images.push("aws-for-fluent-bit:2.34.0", demoProgram("log-router.ts"));
  images.push(guardDutyImage, demoProgram("telemetry-agent.ts"));
}
