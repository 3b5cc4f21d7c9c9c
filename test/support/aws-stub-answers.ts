/** What the stub of the AWS endpoint can answer. */
export type Answer =
  | { readonly kind: "json"; readonly body: unknown }
  /** The inside of `<OperationResult>`, for AWS Query. */
  | { readonly kind: "xml"; readonly result: string }
  | { readonly kind: "error"; readonly code: string; readonly message: string; readonly status: number }
  | { readonly kind: "raw"; readonly status: number; readonly contentType: string; readonly body: string }
  | { readonly kind: "delayed"; readonly milliseconds: number; readonly then: Answer }
  /** The connection breaks: before the body of the request is read, after it, or within the answer. */
  | { readonly kind: "reset"; readonly when: "before-body" | "after-body" | "within-answer" };

export const json = (body: unknown): Answer => ({ kind: "json", body });

export const xml = (result: string): Answer => ({ kind: "xml", result });

/** An error in AWS's shape, with the status that AWS mostly gives it. */
export const awsError = (code: string, options: { message?: string; status?: number } = {}): Answer => ({
  kind: "error",
  code,
  message: options.message ?? `scripted ${code}`,
  status: options.status ?? 400,
});

export const raw = (status: number, contentType: string, body: string): Answer => ({
  kind: "raw",
  status,
  contentType,
  body,
});

export const delayed = (milliseconds: number, then: Answer): Answer => ({
  kind: "delayed",
  milliseconds,
  then,
});

export const reset = (when: "before-body" | "after-body" | "within-answer"): Answer => ({
  kind: "reset",
  when,
});
