/** Which events of ECS start an incident: the agent's own table, as `node scripts/generate-reference.ts` writes it. */
import table from "../docs/reference/ecs-events.json" with { type: "json" };

interface EcsEventRow {
  readonly id: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly what: string;
  /** Another row whose pattern takes this one in. */
  readonly within?: string;
}

export const ECS_EVENTS: readonly EcsEventRow[] = table;

/** What ECS says that starts an incident without an alarm, for people. */
export const ECS_WAKES: readonly string[] = ECS_EVENTS.map(({ what }) => what);
