import type { EcsState } from "../ecs/state.ts";

/**
 * Makes everything that runs look so many milliseconds older than it is: services, their deployments, revisions, tasks
 * and events. Dates are moved where they are, each once, as some are shared.
 */
export function makeOlder(state: EcsState, milliseconds: number): void {
  const dates = new Set<Date | undefined>();
  for (const service of state.services.values()) {
    dates.add(service.createdAt);
    for (const { createdAt } of service.events) dates.add(createdAt);
    for (const { createdAt, updatedAt, finishedAt, revision } of service.deployments) {
      for (const date of [createdAt, updatedAt, finishedAt]) dates.add(date);
      for (const date of [revision.createdAt, revision.taskDefinition.registeredAt]) dates.add(date);
    }
  }
  for (const { createdAt, pullStartedAt, pullStoppedAt, startedAt } of state.tasks.values()) {
    for (const date of [createdAt, pullStartedAt, pullStoppedAt, startedAt]) dates.add(date);
  }
  for (const date of dates) date?.setTime(date.getTime() - milliseconds);
}
