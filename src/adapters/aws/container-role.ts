/** Which containers of a task speak for the application: log routers, agents and proxies do not. */
import type { ContainerDefinition, TaskDefinition } from "@aws-sdk/client-ecs";
import type { ContainerRole } from "../../domain/reading.ts";

/**
 * Images of agents that run beside an application, by a part of their name, each with where its vendor says so. For
 * those that structure does not show: they may be essential and have ports.
 */
const AGENT_IMAGES: readonly (readonly [image: RegExp, source: string])[] = [
  [/aws-for-fluent-bit|(?:^|\/)fluent-?bit\b|(?:^|\/)fluentd\b/, "https://github.com/aws/aws-for-fluent-bit"],
  [
    /guardduty-agent/,
    "https://docs.aws.amazon.com/guardduty/latest/ug/ecs-runtime-agent-image-versions.html",
  ],
  [
    /cloudwatch-agent/,
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/deploy_servicelens_CloudWatch_agent_deploy_ECS.html",
  ],
  [/aws-xray-daemon/, "https://docs.aws.amazon.com/xray/latest/devguide/xray-daemon-ecs.html"],
  [/aws-otel-collector|opentelemetry-collector/, "https://aws-otel.github.io/docs/setup/ecs"],
  [
    /appmesh-envoy|envoyproxy\/envoy|ecs-service-connect-agent/,
    "https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy.html",
  ],
  [/datadog\/(?:docker-dd-)?agent|datadoghq\/agent/, "https://docs.datadoghq.com/containers/amazon_ecs/"],
  [
    /newrelic\/(?:nri-ecs|infrastructure)/,
    "https://docs.newrelic.com/docs/infrastructure/elastic-container-service-integration/",
  ],
  [
    /dynatrace\/|splunk-otel-collector|elastic-agent|beats\/\w+beat|grafana\/(?:agent|alloy)|timberio\/vector/,
    "their vendors' guides for ECS",
  ],
];
/** Containers that AWS puts into tasks itself, by name. */
const AGENT_NAMES = /^(?:aws-guardduty-agent|ecs-service-connect)(?:-|$)/;

/**
 * Returns the role of each container, by its index. Structure first: a `firelensConfiguration`, App Mesh's proxy, and
 * a container without which the task lives on, that takes no calls and that none waits for; then {@link AGENT_IMAGES}.
 * A task of nothing but agents is an agent's own service, and they are its application.
 */
export function containerRoles(definition: TaskDefinition): readonly ContainerRole[] {
  const containers = definition.containerDefinitions ?? [];
  const roles = containers.map((container) => roleOf(container, definition));
  return roles.includes("application") ? roles : roles.map(() => "application");
}

function roleOf(container: ContainerDefinition, definition: TaskDefinition): ContainerRole {
  const { name = "", image = "", firelensConfiguration, essential, portMappings } = container;
  if (firelensConfiguration !== undefined) return "router";
  if (definition.proxyConfiguration?.containerName === name || AGENT_NAMES.test(name)) return "agent";
  if (AGENT_IMAGES.some(([known]) => known.test(image))) return "agent";
  const containers = definition.containerDefinitions ?? [];
  const others = containers.filter((other) => other !== container);
  const isAlone =
    essential === false && !portMappings?.length && others.some((other) => other.essential !== false);
  if (!isAlone || isWaitedFor(name, others)) return "application";
  return others.some((other) => other.essential !== false && other.image === image) ? "application" : "agent";
}

/** Whether another container starts only after this one is done or healthy: a part of the application's start. */
function isWaitedFor(name: string, others: readonly ContainerDefinition[]): boolean {
  return others.some(({ dependsOn }) =>
    dependsOn?.some(({ containerName, condition }) => containerName === name && condition !== "START"),
  );
}
