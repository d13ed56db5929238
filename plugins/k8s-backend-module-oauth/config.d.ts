export interface Config {
  k8s?: {
    oauth?: {
      /** Who issues tokens that API servers trust. Who registers a cluster chooses one of them. Default: none. */
      issuers?: Array<{
        /** Stored with each cluster that uses it: any name that stays. Letters, digits, dots, dashes and underscores. */
        id: string;
        /** Shown where one is chosen. Default: the id. */
        title?: string;
        /** Token endpoint, https. */
        tokenUrl: string;
        /** CA of the issuer as PEM. Default: those that Node.js trusts. */
        ca?: string;
        /** Scope to ask for, unless a cluster has its own. Default: none. */
        scope?: string;
        /** Parameter `audience` of the request, which some issuers want. Default: none. */
        audience?: string;
        /** Where the client's id and secret are sent: in the header (`basic`) or in the form (`body`). Default: basic. */
        clientAuthentication?: 'basic' | 'body';
        /** The field of the answer that API servers are shown. Default: access_token. */
        token?: 'access_token' | 'id_token';
      }>;
    };
  };
}
