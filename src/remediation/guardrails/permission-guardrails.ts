/** Guardrails about permission: who allowed which action, and when. */
import type { Guardrail } from "../guardrail.ts";
import { actionBudget } from "./action-budget.ts";
import { blastRadius } from "./blast-radius.ts";
import { cooldown } from "./cooldown.ts";
import { freezeWindow } from "./freeze-window.ts";
import { killSwitch } from "./kill-switch.ts";
import { mode } from "./mode.ts";
import { noRepeatOfFailure } from "./no-repeat-of-unverified-action.ts";
import { oneFurtherAction } from "./one-further-action.ts";
import { protectedService } from "./protected-service.ts";

export const PERMISSION_GUARDRAILS: readonly Guardrail[] = [
  killSwitch,
  protectedService,
  mode,
  freezeWindow,
  cooldown,
  oneFurtherAction,
  actionBudget,
  noRepeatOfFailure,
  blastRadius,
];
