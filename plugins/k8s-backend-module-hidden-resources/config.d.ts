export interface Config {
  k8s?: {
    /** What in clusters is not shown, and cannot be changed, but by who is excepted. Default: nothing. */
    hidden?: Array<{
      /** The clusters that it is hidden on. Default: all. */
      clusters?: {
        /** Labels that a cluster must have, all of them with these values. */
        matchLabels: { [label: string]: string };
      };
      /** Namespaces that are hidden with all that is in them; with `types` only those kinds in them. */
      namespaces?: string[];
      /** Kinds that are hidden, as plural.group, e.g. `secrets` or `certificates.cert-manager.io`. */
      types?: string[];
      /** Users and groups who see it nevertheless, as entity references. Default: none. */
      except?: string[];
    }>;
  };
}
