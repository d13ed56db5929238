interface ErrorBody {
  error?: {
    name?: string;
    message?: string;
    details?: Record<string, unknown>;
  };
}

/** An error that the back end answered, with its own words. @public */
export class K8sApiError extends Error {
  /** The HTTP status. */
  readonly status: number;
  /** For programs, e.g. the list of what stands in the way. */
  readonly details: Readonly<Record<string, unknown>>;

  private constructor(
    message: string,
    options: {
      name: string;
      status: number;
      details: Record<string, unknown>;
    },
  ) {
    super(message);
    this.name = options.name;
    this.status = options.status;
    this.details = options.details;
  }

  /** @param body - the answer's body; anything else than Backstage's error shape (a proxy's page) is not shown */
  static fromAnswer(status: number, body: unknown): K8sApiError {
    const error =
      typeof body === 'object' && body !== null
        ? (body as ErrorBody).error
        : undefined;
    return new K8sApiError(
      error?.message ?? `The portal's back end answered with ${status}`,
      {
        name: error?.name ?? 'Error',
        status,
        details: error?.details ?? {},
      },
    );
  }
}
