/** Events of other AWS services on the same bus or topic, such as AWS Health: noted in one line, they page nobody. */
import { z } from "zod";
import { parseWith } from "../../parse.ts";
import { noted, type Sender } from "../../sender.ts";
import { examples } from "./examples.ts";

const OtherEvent = z.object({
  source: z.string(),
  "detail-type": z.string(),
  resources: z.array(z.string()).nullish(),
});

/** Comes after the senders that OpsAgent acts on: what they recognise never gets here. */
export const otherAws: Sender = {
  title: "Event of another AWS service",
  recognises: ({ source, "detail-type": type }) =>
    typeof source === "string" && source.startsWith("aws.") && typeof type === "string",
  read: (event, _context, at) => {
    const parsed = parseWith(OtherEvent, event, at);
    if (!parsed.ok) return [{ kind: "unreadable", problem: parsed.problem }];
    const { source, "detail-type": type, resources } = parsed.value;
    const about = resources?.[0] === undefined ? "" : ` of ${resources[0]}`;
    return [noted(at, `${type}${about}, by ${source}`.slice(0, 500))];
  },
  examples,
};
