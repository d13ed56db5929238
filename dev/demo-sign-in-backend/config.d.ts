export interface Config {
  auth?: {
    providers?: {
      'k8s-demo'?: {
        /**
         * Whether the four demo users can sign in without a password. Also needs NODE_ENV=development, and app.baseUrl and
         * backend.baseUrl on loopback. Default: false.
         *
         * @visibility frontend
         */
        enabled?: boolean;
      };
    };
  };
}
