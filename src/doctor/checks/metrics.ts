import type { MetricQuery } from "../../evidence/ports.ts";
import { type Check, type Finding, failed, ok, warning } from "../check.ts";
import type { DoctorPorts, ExaminedService } from "../examination.ts";

const ALB =
  "Nothing to do where nothing was requested. Else look at the load balancer: its metrics are there only while requests flow.";

export const metrics: Check = {
  id: "metrics",
  area: "services",
  does: "Each service has data of the last hour: AWS/ECS (without it recovery cannot be proven), Container Insights, and its load balancer.",
  remedy:
    "Look at the service's metrics in CloudWatch: without data there, an action is never proven to have worked.",
  async run(examination, options) {
    const { config, ports } = examination.configured();
    const cluster = await examination.cluster();
    const examined = await examination.services();
    const { metricPeriodSeconds: periodSeconds, metricWindowMinutes } = config.policy.timing;
    const now = ports.now().getTime();
    const window = { from: now - metricWindowMinutes * 60_000, to: now };
    return Promise.all(
      examined.map(async (service): Promise<Finding> => {
        const dimensions = { ClusterName: cluster.name, ServiceName: service.name };
        const queries: MetricQuery[] = [
          query("ecs", "AWS/ECS", "CPUUtilization", "Average", dimensions),
          query("insights", "ECS/ContainerInsights", "RunningTaskCount", "Average", dimensions),
          ...(await balancerQueries(ports, service, options)),
        ];
        const series = await ports.metrics.series(queries, window, options);
        const has = (id: string) => (series.get(id)?.length ?? 0) > 0;
        const asked = (id: string) => queries.some((one) => one.id === id);
        if (!has("ecs") && service.reading.running > 0) {
          const seen = `AWS/ECS has no CPUUtilization of ${service.name} in ${metricWindowMinutes} min, though tasks run`;
          return failed(seen, metrics.remedy, service.name);
        }
        const parts = [
          has("ecs") ? "AWS/ECS" : "no task, so no AWS/ECS data",
          has("insights")
            ? "Container Insights"
            : "no Container Insights (tasks are distinguished by age only)",
          ...(asked("requests")
            ? [has("requests") ? "load balancer" : "no requests at the load balancer"]
            : []),
        ];
        const seen = parts.join(", ");
        return asked("requests") && !has("requests") && service.reading.running > 0
          ? warning(seen, ALB, service.name)
          : ok(seen, service.name);
      }),
    );

    function query(
      id: string,
      namespace: string,
      name: string,
      statistic: string,
      dimensions: Readonly<Record<string, string>>,
    ): MetricQuery {
      return { id, metric: { namespace, name, dimensions, statistic, periodSeconds } };
    }

    async function balancerQueries(
      { loadBalancers }: DoctorPorts,
      { reading }: ExaminedService,
      read: { readonly signal: AbortSignal },
    ): Promise<MetricQuery[]> {
      const groups = await loadBalancers.targetGroups(reading.targetGroupArns.slice(0, 1), read);
      return groups.flatMap(({ loadBalancerDimension, targetGroupDimension }) =>
        loadBalancerDimension?.startsWith("app/")
          ? [
              query("requests", "AWS/ApplicationELB", "RequestCount", "Sum", {
                LoadBalancer: loadBalancerDimension,
                TargetGroup: targetGroupDimension,
              }),
            ]
          : [],
      );
    }
  },
};
