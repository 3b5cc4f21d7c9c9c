import { randomUUID } from "node:crypto";
import type { World } from "../world.ts";
import type { Service } from "./model.ts";

/** Adds a service event; the newest 100 are kept, as DescribeServices shows them. */
export function addEvent(world: World, service: Service, message: string): void {
  service.events = [{ id: randomUUID(), createdAt: new Date(world.now()), message }, ...service.events].slice(
    0,
    100,
  );
}
