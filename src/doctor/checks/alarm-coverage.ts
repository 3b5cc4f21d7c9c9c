import { type Check, type Finding, ok, warning } from "../check.ts";
import { watchedServices } from "../watched-services.ts";

export const alarmCoverage: Check = {
  id: "alarm-coverage",
  area: "alarms",
  does: "At least one CloudWatch alarm watches each service: by its dimensions, its target group, a pattern of the policy, or as part of a composite alarm.",
  remedy: "Create alarms for the service: `opsagent init` prints those that are missing as commands.",
  async run(examination, options) {
    const { services, complete } = await watchedServices(examination, options);
    const more = complete ? "" : " (there are more alarms than were read)";
    return services.flatMap(({ name, alarms }): Finding[] => {
      if (alarms.length === 0) {
        return [
          warning(`no alarm watches ${name}, so nothing starts the agent${more}`, alarmCoverage.remedy, name),
        ];
      }
      const names = alarms.map(({ alarm }) => alarm.name);
      const shown = `${names.slice(0, 6).join(", ")}${names.length > 6 ? ` and ${names.length - 6} more` : ""}`;
      const unnamed = alarms.filter(({ link }) => link === "target-group").map(({ alarm }) => alarm.name);
      return [
        ok(shown, name),
        ...unnamed.map((alarm) =>
          warning(
            `${alarm} is about ${name}'s target group, but the agent cannot know that`,
            `Add to the policy file, under alarms: { pattern: "${alarm}", service: ${name} }`,
            `${name} ${alarm}`,
          ),
        ),
      ];
    });
  },
};
