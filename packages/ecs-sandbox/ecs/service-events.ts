import { randomUUID } from "node:crypto";
import type { World } from "../world.ts";
import type { Service, ServiceAction } from "./model.ts";

/**
 * Adds a service event; the newest 100 are kept, as DescribeServices shows them. `action` is what the event bus says
 * with it.
 */
export function addEvent(world: World, service: Service, message: string, action?: ServiceAction): void {
  const event = { id: randomUUID(), createdAt: new Date(world.now()), message, ...(action && { action }) };
  service.events = [event, ...service.events].slice(0, 100);
}
