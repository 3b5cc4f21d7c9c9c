/** Questions to people and their answers, against the events that tell of them. */
import { type Approval, planHash } from "../../domain/approval.ts";
import type { IncidentStore } from "../../domain/ports.ts";
import type { Finding } from "../finding.ts";
import type { IncidentHistory } from "./incident-events.ts";
import { same } from "./records.ts";

/** Questions of one incident. */
export async function checkApprovals(
  history: IncidentHistory,
  store: Pick<IncidentStore, "approvalsOf">,
): Promise<Finding[]> {
  const kept = await store.approvalsOf(history.id);
  const asked = history.of("approval-requested").map(({ approval }) => approval);
  const answers = history.of("approval-answered");
  const find = (id: string, problem: string): Finding => ({ about: "approval", id, problem });
  const findings: Finding[] = [];
  for (const question of asked) {
    const row = kept.find(({ id }) => id === question.id);
    const answer = answers.findLast(({ approvalId }) => approvalId === question.id)?.answer;
    if (row === undefined) {
      if (answer !== undefined || (history.closed && !askFailed(history))) {
        findings.push(find(question.id, `a question of the incident ${history.id} was removed`));
      }
      continue;
    }
    if (!same(question.deadline, row.deadline) || !same(question.requestedAt, row.requestedAt))
      findings.push(find(row.id, "its times are not those that were asked with"));
    if (row.planHash !== question.planHash || !fitsPlan(row, question.plan !== undefined))
      findings.push(find(row.id, "its plan is not the one that was asked about"));
    if (!same(row.answer, answer)) findings.push(find(row.id, answerProblem(row, answer !== undefined)));
  }
  const imported = history
    .of("imported")
    .flatMap(({ record }) => [record.approval, record.further?.approval]);
  const known = new Set([...asked, ...imported].map((question) => question?.id));
  for (const { id } of kept) {
    if (!known.has(id))
      findings.push(find(id, `no event of the incident ${history.id} tells of this question: it was put in`));
  }
  return findings;
}

/** Open questions of incidents that the trail does not know at all. */
export async function checkOpenQuestions(
  known: ReadonlySet<string>,
  store: Pick<IncidentStore, "unanswered">,
): Promise<Finding[]> {
  const open = await store.unanswered();
  return open
    .filter(({ incidentId }) => !known.has(incidentId))
    .map(({ id, incidentId }) => ({
      about: "approval",
      id,
      problem: `the trail does not know its incident ${incidentId}: it was put in`,
    }));
}

/** The exact change follows from the hash; where the event has no plan, the hash of before it is taken as it is. */
function fitsPlan({ incidentId, target, plan, planHash: hash }: Approval, planKept: boolean): boolean {
  return !planKept || planHash(incidentId, target, plan) === hash;
}

function answerProblem({ answer }: Approval, told: boolean): string {
  if (answer === undefined) return "its answer was removed";
  return told ? "its answer is not the one that was given" : "no event tells of its answer: it was put in";
}

/** The question could not be kept: then there is none. */
function askFailed({ events }: IncidentHistory): boolean {
  return events.some((event) => event.kind === "failed" || event.kind === "step-failed");
}
