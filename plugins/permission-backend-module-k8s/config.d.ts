export interface Config {
  k8s?: {
    permission?: {
      /**
       * Who has which role, and where. What several bindings give adds up. Default: none, so that nobody may anything.
       * Checked at start: an unknown role, a binding without users and groups, an unknown key stop the back end with the
       * number of the binding.
       */
      bindings?: Array<{
        /**
         * K8sViewer sees; K8sOperator also changes what the categories of kinds give it; K8sAdmin does everything;
         * K8sClusterOwner is K8sAdmin on the clusters that the user or one of the user's groups owns, and registers none.
         */
        role: 'K8sViewer' | 'K8sOperator' | 'K8sAdmin' | 'K8sClusterOwner';
        /**
         * Entity references of users, e.g. `user:default/jane`; `user:` and `default/` may be left out. Default: none.
         */
        users?: string[];
        /**
         * Entity references of groups, e.g. `group:default/platform`; `group:` and `default/` may be left out.
         * Default: none.
         */
        groups?: string[];
        /** The clusters that the role is given on. Default: all. */
        clusters?: {
          /** Labels that a cluster must have, all of them with these values. */
          matchLabels: { [label: string]: string };
        };
        /**
         * The only namespaces that the role is given in. Kinds without a namespace, nodes for example, are then out of
         * reach; a Namespace counts as being in itself. Clusters can be seen but not changed. Default: all.
         */
        namespaces?: string[];
        /**
         * Whether a K8sOperator may open terminals in the containers of its pods; whoever may can do there what the container
         * can, read its Secrets for example. K8sAdmin and K8sClusterOwner always may, of a K8sViewer
         * `true` stops the start. Default: false.
         */
        terminal?: boolean;
      }>;
    };
  };
}
