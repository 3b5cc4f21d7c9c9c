/** Guardrails about permission: who allowed which action, and when. */
import type { Guardrail } from "../guardrail.ts";
import { actionBudget } from "./action-budget.ts";
import { blastRadius } from "./blast-radius.ts";
import { brake } from "./brake.ts";
import { cooldown } from "./cooldown.ts";
import { freezeWindow } from "./freeze-window.ts";
import { killSwitch } from "./kill-switch.ts";
import { mode } from "./mode.ts";
import { noRepeatOfFailure } from "./no-repeat-of-unverified-action.ts";
import { oneFurtherAction } from "./one-further-action.ts";
import { policyNames } from "./policy-names.ts";
import { policyOfNow } from "./policy-of-now.ts";
import { protectedService } from "./protected-service.ts";

/** What the brake and the policy say by themselves, whatever was done before. Undo and scale-in need it, too. */
export const STANDING_GUARDRAILS: readonly Guardrail[] = [
  brake,
  policyOfNow,
  killSwitch,
  protectedService,
  mode,
  freezeWindow,
];

export const PERMISSION_GUARDRAILS: readonly Guardrail[] = [
  ...STANDING_GUARDRAILS,
  policyNames,
  cooldown,
  oneFurtherAction,
  actionBudget,
  noRepeatOfFailure,
  blastRadius,
];
