/** Gives a recorded service another shape: members of its description, and target groups beside its own. */

import { gather } from "../../evals/recorded/gather.ts";
import { judgeGathered } from "../../evals/recorded/judge.ts";
import { developmentCases } from "../../evals/scenarios/development/index.ts";
import type { Case } from "../../evals/scenarios/types.ts";
import type { Handlers } from "../../evals/scenarios/wire/handlers.ts";
import { sceneOf } from "../../evals/scenarios/wire/scene.ts";
import { type Answer, json, xml } from "../support/aws-stub-answers.ts";

type Members = Readonly<Record<string, unknown>>;

/** How the service differs; functions get what the recorded one answers. */
export interface Shape {
  readonly service?: Members | ((own: Members) => Members);
  /** Changes each task of DescribeTasks. */
  readonly tasks?: (own: Members) => Members;
  /** Answers of further operations, such as DescribeServiceDeployments. */
  readonly answers?: Handlers;
  /** Changes the newest entry of the deployment history, and ListServiceDeployments alike. */
  readonly newest?: (own: Members) => Members;
  /** A target group without targets, which AWS names as the service's first. */
  readonly idleGroup?: string;
}

/** The recorded case of this name. */
export function recorded(name: string): Case {
  const found = developmentCases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}

/** Runs the case with the shape: its evidence, the rules' diagnosis and the decision under a policy that lets it act. */
export async function judged(one: Case, shape: Shape) {
  const gathered = await gather(one, { handlers: (given) => reshaped(given, shape) });
  return judgeGathered(one, gathered);
}

/** The ARN of the target group that the recorded service's tasks stand behind. */
export function liveGroupOf(one: Case): string {
  return sceneOf(one).targetGroupArn;
}

/**
 * A deployment of this strategy that goes on: its revision beside the one before, with so many tasks each.
 * @param progress members of the newest entry of the deployment history
 */
export function underWay(strategy: string, tasks: number, progress: (own: Members) => Members): Shape {
  return {
    service: (own) => {
      const [primary] = own["deployments"] as Members[];
      const before = String(primary?.["taskDefinition"]).replace(
        /\d+$/,
        (revision) => `${Number(revision) - 1}`,
      );
      const counts = { desiredCount: tasks, runningCount: tasks, failedTasks: 0 };
      return {
        deploymentConfiguration: {
          ...(own["deploymentConfiguration"] as object),
          strategy,
          bakeTimeInMinutes: 10,
        },
        deployments: [
          { ...primary, ...counts, rolloutState: "IN_PROGRESS" },
          {
            ...primary,
            ...counts,
            id: "ecs-svc/before",
            status: "ACTIVE",
            taskDefinition: before,
            createdAt: 1_700_000_000,
          },
        ],
      };
    },
    newest: (own) => ({
      ...own,
      status: "IN_PROGRESS",
      finishedAt: undefined,
      deploymentConfiguration: { strategy, bakeTimeInMinutes: 10 },
      ...progress(own),
    }),
  };
}

function withNewest(given: Handlers, change: (own: Members) => Members): Handlers {
  const changed = (operation: string): Handlers => ({
    [operation]: (input) => {
      const body = bodyOf(given[operation]?.(input)) as { serviceDeployments: Members[] };
      const [newest = {}, ...older] = body.serviceDeployments;
      return json({ serviceDeployments: [change(newest), ...older] });
    },
  });
  return { ...changed("ListServiceDeployments"), ...changed("DescribeServiceDeployments") };
}

function withTasks(given: Handlers, change: (own: Members) => Members): Handlers {
  return {
    DescribeTasks: (input) => {
      const body = bodyOf(given["DescribeTasks"]?.(input)) as { tasks: Members[] };
      return json({ ...body, tasks: body.tasks.map(change) });
    },
  };
}

function reshaped(given: Handlers, shape: Shape): Handlers {
  const { service = {}, answers = {}, idleGroup, newest, tasks } = shape;
  return {
    ...given,
    DescribeServices: (input) => {
      const answer = given["DescribeServices"]?.(input);
      const [own] = (bodyOf(answer) as { services: Members[] }).services;
      const members = typeof service === "function" ? service(own ?? {}) : service;
      return json({ services: [{ ...own, ...members }], failures: [] });
    },
    ...(idleGroup === undefined ? {} : withIdleGroup(given, idleGroup)),
    ...(tasks === undefined ? {} : withTasks(given, tasks)),
    ...(newest === undefined ? {} : withNewest(given, newest)),
    ...answers,
  };
}

/** DescribeTargetGroups answers for the groups that are asked for; the idle one has no targets. */
function withIdleGroup(given: Handlers, idle: string): Handlers {
  const groups = given["DescribeTargetGroups"];
  const health = given["DescribeTargetHealth"];
  return {
    DescribeTargetGroups: (input) => {
      const asked = Object.entries(input).flatMap(([key, value]) =>
        key.startsWith("TargetGroupArns.member") ? [String(value)] : [],
      );
      const own = groups?.(input);
      const [member = ""] = own?.kind === "xml" ? (/<member>.*<\/member>/s.exec(own.result) ?? []) : [];
      const named = asked.map((arn) =>
        arn === idle
          ? member.replace(/<TargetGroupArn>.*<\/TargetGroupArn>/, `<TargetGroupArn>${idle}</TargetGroupArn>`)
          : member,
      );
      return xml(`<TargetGroups>${named.join("")}</TargetGroups>`);
    },
    DescribeTargetHealth: (input) =>
      input["TargetGroupArn"] === idle || health === undefined
        ? xml("<TargetHealthDescriptions/>")
        : health(input),
  };
}

function bodyOf(answer: Answer | undefined): unknown {
  if (answer?.kind !== "json") throw new Error("an answer in JSON was expected");
  return answer.body;
}
