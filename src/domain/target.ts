import { z } from "zod";

/** The one service an incident is about. It comes from the alarm and trusted configuration, never from a model. */
export const Target = z.object({ cluster: z.string().min(1), service: z.string().min(1) });
export type Target = z.infer<typeof Target>;

/**
 * What ECS takes as the name of a cluster or service. Any other text names nothing that exists.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html#ECS-CreateService-request-serviceName
 */
export const ECS_NAME = /^[\w-]{1,255}$/;

/** The name of one service in a policy, which knows no patterns there. */
export const ServiceName = z.string().regex(ECS_NAME, {
  error: "is no name of an ECS service, and patterns are not supported here: name each one",
});
