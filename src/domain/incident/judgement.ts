/** What a person said afterwards about what OpsAgent did, or would have done. */
import { z } from "zod";

export const Judgement = z.object({
  incidentId: z.string(),
  verdict: z.enum(["right", "wrong", "unclear"]),
  by: z.string().min(1),
  at: z.iso.datetime(),
  note: z.string(),
});
export type Judgement = z.infer<typeof Judgement>;
