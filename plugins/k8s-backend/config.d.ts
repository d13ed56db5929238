export interface Config {
  k8s?: {
    addresses?: {
      /**
       * Ranges of private addresses that clusters may have, e.g. `10.20.0.0/16` or `fd00:12::/32`. Every other address that is
       * not public (loopback, private, link-local) is refused, when a cluster is registered and at each connect; those of a cloud's
       * metadata service always are. Default: none.
       */
      allow?: string[];
      /**
       * An HTTP proxy that API servers are reached through, by CONNECT: TLS to the API server runs inside. It is asked for addresses,
       * not for names: the names of API servers have to resolve where the portal runs, and `allow` holds for what they lead to. The
       * proxy itself may have any address but that of a cloud's metadata service. Proxies that a kubeconfig or the environment
       * (`HTTPS_PROXY`) names are never used. Default: none.
       */
      proxy?: {
        /** `http://host:port` or `https://host:port`; of the latter the certificate has to be one that Node.js trusts. */
        url: string;
        /** Default: none. */
        username?: string;
        /**
         * Needed with `username`.
         *
         * @visibility secret
         */
        password?: string;
        /** Ranges that are reached without the proxy, e.g. `10.0.0.0/8`. Default: none. */
        direct?: string[];
      };
    };
    encryption?: {
      /**
       * Keys that credentials of clusters are encrypted with. The first one encrypts, all of them decrypt: put a new key
       * first, and take the old one out when the log says that no credential is left with it. Default: none; then no
       * cluster can be registered.
       */
      keys?: Array<{
        /** Any name that stays, at most 128 characters, each once; it is stored with each credential. */
        id: string;
        /**
         * 32 random bytes in base64, e.g. from `openssl rand -base64 32`. A key whose secret is empty is left out.
         *
         * @visibility secret
         */
        secret?: string;
      }>;
    };
    permission?: {
      /**
       * Services that may use the API, by the subject of their token: `plugin:<id>` for plugins of the portal; for
       * `backend.auth.externalAccess` the `subject` of a static token, or `external:` and the subject of a signed one. What
       * several entries give adds up. Default: none. A restricted token (`accessRestrictions`) has no more than it is
       * restricted to.
       */
      services?: Array<{
        subject: string;
        role: 'K8sViewer' | 'K8sOperator' | 'K8sAdmin';
        /** The clusters that the role is given on. Default: all. */
        clusters?: {
          /** Labels that a cluster must have, all of them with these values. */
          matchLabels: { [label: string]: string };
        };
      }>;
    };
    integration?: {
      /** Seconds that a deployment's rollout is waited for before the answer is `pending`; 1 to 600. Default: 30. */
      timeout?: number;
    };
    resource?: {
      /** Requests put on containers that name none, as quantities of Kubernetes. */
      defaults?: {
        /** Default: 100m. */
        cpu?: string;
        /** Default: 256Mi. */
        memory?: string;
      };
    };
    logging?: {
      /** What is below it is not logged by this plugin; it cannot log more than the portal's own level. Default: info. */
      level?: 'debug' | 'info' | 'warn' | 'error';
    };
    events?: {
      /**
       * Days that events of clusters are kept, which themselves forget them after an hour; 0 to 365, 0 keeps none. Of a cluster
       * the last 200,000. Default: 7.
       */
      retentionDays?: number;
    };
    history?: {
      /**
       * Days that changes of objects in clusters are kept, with what differed and who made them; 0 to 365, 0 records none. Of an object
       * the last 200, of a cluster the last 100,000. Changes of `kinds` are seen as long as there is memory for them, those of others while somebody looks at
       * objects of their kind. Default: 7.
       */
      retentionDays?: number;
      /**
       * Kinds whose changes are seen whether or not somebody looks at them, as plural and group, e.g. `deployments.apps`, of the core
       * group the plural alone; at most 20. Each is read in every cluster that serves it for as long as the portal runs, by each instance:
       * that is memory, as much as `k8s.cache.memory` lets it have, and a request to the API server about every ten seconds; three kinds of
       * 100 idle clusters take 0.05 of a core. A kind that changes all the time by itself, such as `pods`, has no history and
       * stops the start. Default: none.
       */
      kinds?: string[];
    };
    impersonation?: {
      /**
       * Put before the entity reference of a user on clusters in impersonation mode, e.g. `backstage:user:default/jane`; roles of
       * the cluster are bound to that name. Must not begin with `system:`. Default: `backstage:`.
       */
      userPrefix?: string;
      /** The same for groups, e.g. `backstage:group:default/platform`. Default: `backstage:`. */
      groupPrefix?: string;
    };
    cache?: {
      /**
       * Threads that read clusters and keep what is in them; each cluster belongs to one. 0: the main thread does it, which is
       * enough for a few small clusters. Default: one less than the machine has cores, at least 1, at most 4; more than 64 cannot be set.
       */
      workers?: number;
      /**
       * What all of these threads may keep together, as a quantity of Kubernetes, e.g. `512Mi`; at least 16Mi. It is what the cache counts
       * itself, objects and rows; the process takes more. Where it does not suffice, what was not read for longest is read from API servers.
       * Default: half of the memory that the process may have (of its container, else of the machine), or of the heap that Node.js
       * allows a thread (`--max-old-space-size`), if that is less.
       */
      memory?: string;
    };
    audit?: {
      /** Days that entries of the audit are kept; 1 to 36500. Default: 365. */
      retentionDays?: number;
    };
  };
}
