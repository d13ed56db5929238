export interface Config {
  k8s?: {
    /** Times in which nothing is changed through the portal, but by who is excepted. Default: none. */
    freezes?: Array<{
      /** What it is called; shown to who is refused. */
      name: string;
      /** RFC 3339, e.g. `2026-12-24T00:00:00Z`. */
      from: string;
      /** RFC 3339; it ends here. */
      to: string;
      /** The clusters that it is for. Default: all. */
      clusters?: {
        /** Labels that a cluster must have, all of them with these values. */
        matchLabels: { [label: string]: string };
      };
      /** Default: all, and what has no namespace. */
      namespaces?: string[];
      /** Users and groups who may change nevertheless, as entity references. Default: none. */
      except?: string[];
    }>;
  };
}
