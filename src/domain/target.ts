import { z } from "zod";

/** The one service an incident is about. It comes from the alarm and trusted configuration, never from a model. */
export const Target = z.object({ cluster: z.string().min(1), service: z.string().min(1) });
export type Target = z.infer<typeof Target>;
