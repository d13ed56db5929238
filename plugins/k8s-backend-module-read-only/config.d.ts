export interface Config {
  k8s?: {
    readOnly?: {
      /** Refuse every request that changes something, of whomever. Default: false. */
      enabled?: boolean;
      /** Shown to who is refused. Default: a sentence without a reason. */
      reason?: string;
    };
  };
}
