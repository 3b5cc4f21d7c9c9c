/** What keeps an event that came over HTTP. */
import type { EventSender } from "../../domain/sender-scope.ts";

/**
 * Keeps an event durably and works on it behind; the event is passed as it came. `outOfScope` counts alerts that their
 * sender may not speak about. Throws when it could not be kept.
 */
export type TakeEvent = (
  event: string,
  sender: EventSender,
) => Promise<{ readonly incidents: readonly string[]; readonly outOfScope?: number }>;
