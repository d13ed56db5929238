export interface Config {
  k8s?: {
    catalog?: {
      /**
       * Entity reference of who owns, in the catalog, clusters without an owner, and the entity of the API. It gives no
       * rights on the clusters. Default: `unknown`.
       */
      defaultOwner?: string;
      /**
       * Whether the entities of clusters carry the address and the CA of the API server as annotations, for everybody who
       * may see the entities. Default: false.
       */
      annotations?: boolean;
    };
  };
}
