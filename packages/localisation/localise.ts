import { compare } from "./explanations.ts";
import { type Head, search } from "./faults.ts";
import type { LocalisationInput } from "./input.ts";
import { order } from "./order.ts";
import { affectedReasons, apartReasons, type Ground, headReasons, names } from "./reasons.ts";
import type { Localisation, Placed, ResultSign } from "./result.ts";
import { readSigns, type ServiceSigns } from "./signs.ts";

/**
 * Ranks services by where the fault behind an alarm sits. Takes a checked input; pure, and never throws.
 *
 * A service is anomalous by its own kinds of series only. Its fault is explained by a callee that is anomalous and began
 * no later, along trusted edges; the services that nothing explains come first, unless load came to them before their
 * fault: then the caller that sends it does. Several that began within one period leave the verdict `undecided`.
 * Sources: see `explanations`. Departures are compared by their onsets, never by their sizes.
 */
export function localise(input: LocalisationInput): Localisation {
  const signs = readSigns(input);
  const found = search(input, signs);
  const ground: Ground = { input, signs, found };
  const byOnset = (a: string, b: string) =>
    (found.faults.get(a)?.at ?? 0) - (found.faults.get(b)?.at ?? 0) || compare(a, b);
  const heads = found.heads.map((head) => placed(head.service, head.role, headReasons(head, ground), ground));
  const affected = [...found.affected]
    .sort(byOnset)
    .map((service) => placed(service, "affected", affectedReasons(service, ground), ground));
  const ranked = [...heads, ...affected];
  const isRanked = new Set(ranked.map(({ service }) => service));
  const apart = [...found.faults.values()]
    .filter(({ service, isAlarmOnly }) => !isRanked.has(service) && !isAlarmOnly)
    .map(({ service }) => service)
    .sort(byOnset)
    .map((service) => placed(service, "apart", apartReasons(service, ground), ground));
  return {
    verdict: verdictOf(found.heads, ground),
    ranked: ranked.map((one, index) => ({ rank: index + 1, ...one })),
    apart,
    notMeasured: input.services.filter((service) => !signs.get(service)?.measured).sort(compare),
    remarks: remarksOf(input, signs),
  };
}

function placed(service: string, role: Placed["role"], reasons: readonly string[], ground: Ground): Placed {
  const { found, signs } = ground;
  const own = signs.get(service);
  const fault = found.faults.get(service);
  const head = found.heads.find((one) => one.service === service);
  const shown =
    role === "flooding-caller" || role === "overloaded" ? [own?.load, ...(own?.own ?? [])] : own?.own;
  return {
    service,
    role,
    ...(fault === undefined ? {} : { onset: iso(fault.at) }),
    sure: head?.sure ?? fault?.sure ?? "doubtful",
    signs: (shown ?? []).flatMap((sign): ResultSign[] =>
      sign === undefined
        ? []
        : [
            {
              metric: sign.metric,
              kind: sign.kind,
              onset: iso(sign.onset),
              direction: sign.direction,
              shape: sign.shape,
              sure: sign.sure,
            },
          ],
    ),
    reasons,
  };
}

function verdictOf(heads: readonly Head[], { input, found }: Ground): Localisation["verdict"] {
  const [best] = heads;
  const { service } = input.alarm;
  if (best === undefined) {
    const why = found.faults.get(service)?.isAlarmOnly
      ? `no series shows a fault at ${service}, and none at a service that it depends on explains its alarm`
      : `nothing that ${service} is connected with is unexplained`;
    return { kind: "none", services: [], reason: why };
  }
  const alike = heads.filter(
    (head) => (head.sure === best.sure || head.floods.includes(best.service)) && order(head, best) === "same",
  );
  const services = alike.map((head) => head.service);
  if (services.length > 1)
    return {
      kind: "undecided",
      services,
      reason: `${names(services)} fit alike: their faults began within one period, and none explains another alone`,
    };
  if (best.sure === "doubtful")
    return { kind: "undecided", services, reason: `the signs of ${best.service} are doubtful` };
  const count = found.affected.size;
  return {
    kind: "service",
    services,
    reason: `the faults that ${service}'s alarm is connected with end at ${best.service}${count === 0 ? "" : `, which explains ${count} more`}`,
  };
}

function remarksOf({ edges, alarm }: LocalisationInput, signs: ReadonlyMap<string, ServiceSigns>): string[] {
  const isNamed = edges.some(({ from, to }) => from === alarm.service || to === alarm.service);
  const votes = [...signs].flatMap(([service, { remarks }]) => remarks.map((text) => `${service}: ${text}`));
  return [
    ...(isNamed ? [] : [`no edge names ${alarm.service}: only its own series can explain its alarm`]),
    ...votes.sort(compare),
  ];
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
