import type { Mode, Policy } from "../domain/policy.ts";

export type Acting = "restart" | "scale" | "rollback";
export const ACTIONS: readonly Acting[] = ["restart", "scale", "rollback"];

interface WantedMode {
  readonly path: readonly string[];
  readonly action: Acting;
  readonly mode: Mode;
  /** Absent for the policy's own. */
  readonly service?: string;
}

/** Returns every mode that a policy sets, with its path in the file. */
export function modesWanted({ modes, services }: Policy): WantedMode[] {
  return [
    ...ACTIONS.map((action) => ({ path: ["modes", action], action, mode: modes[action] })),
    ...Object.entries(services).flatMap(([service, { modes: own = {} }]) =>
      ACTIONS.flatMap((action) => {
        const mode = own[action];
        return mode === undefined
          ? []
          : [{ path: ["services", service, "modes", action], action, mode, service }];
      }),
    ),
  ];
}
