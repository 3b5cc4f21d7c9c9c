/** The dashboard on a real server over a real store, filled with every kind of incident. */
import { Policy } from "../../src/domain/policy.ts";
import { scaleQuestion } from "../samples/approvals.ts";
import { SAMPLES } from "../samples/every-incident.ts";
import { ALLOWED_POLICY, answersOf, brakeOf, openDesk } from "./approval-desk.ts";
import { type HttpDesk, openHttpDesk } from "./http-desk.ts";
import { keepRecord } from "./keep-record.ts";

/** Whoever is on the machine may answer here, and the named token. */
export const LOCAL_POLICY = Policy.parse({
  ...ALLOWED_POLICY,
  approvals: { httpClients: ["@local", "pager"] },
});

export interface DashboardDesk extends HttpDesk {
  readonly question: ReturnType<typeof scaleQuestion>;
}

/** `filled`: with every sample and one question that waits. */
export async function openDashboard({
  loopback = true,
  filled = true,
  policy = LOCAL_POLICY,
}: {
  loopback?: boolean;
  filled?: boolean;
  policy?: Policy;
} = {}): Promise<DashboardDesk> {
  const inner = openDesk(policy);
  const http = await openHttpDesk({
    approvals: answersOf(inner),
    brake: brakeOf(inner),
    records: inner.store,
    book: inner.store,
    dashboard: {
      store: inner.store,
      policy,
      ceiling: "auto",
      cluster: "production",
      diagnoser: "rules",
      loopback,
    },
  });
  const question = scaleQuestion();
  if (filled) {
    for (const [name, sample] of Object.entries(SAMPLES)) {
      const model = {
        model: "vendor/model-1",
        calls: 1,
        inputTokens: 3_120,
        outputTokens: 310,
        costUsd: 0.0123,
        milliseconds: 2_400,
      };
      await keepRecord(inner.store, { ...sample(), id: `inc-${name.toLowerCase()}`, model });
    }
    await keepRecord(inner.store, {
      ...(SAMPLES["waitingApproval"] as () => ReturnType<NonNullable<(typeof SAMPLES)[string]>>)(),
      id: question.incidentId,
    });
    await inner.store.ask(question);
  }
  const close = http.close;
  return Object.assign(http, {
    question,
    store: inner.store,
    resumed: inner.resumed,
    close: async () => {
      await close();
      inner.store.close();
    },
  });
}
