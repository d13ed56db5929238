import type {
  Kind,
  KindDescription,
  ResourceColumn,
} from '@backstage-k8s/plugin-k8s-common';
import type { VisibleClusters } from '../access/VisibleClusters';
import type { Handlers } from '../router/Handlers';
import { groupOfPath } from './groupOfPath';
import type { KindDirectory } from './KindDirectory';
import type { KindSchemas } from './KindSchemas';

/** A column without where its cells come from. */
export function publicColumn({
  id,
  title,
  type,
  wide,
}: ResourceColumn): ResourceColumn {
  return { id, title, type, ...(wide && { wide }) };
}

function publicKind({ columns, ...kind }: KindDescription): Kind {
  return { ...kind, columns: columns.map(publicColumn) };
}

/** Answers which kinds a cluster has, to who may see the cluster. */
export function kindHandlers(options: {
  clusters: VisibleClusters;
  kinds: KindDirectory;
  schemas: KindSchemas;
}): Pick<Handlers, 'listKinds' | 'getKindSchema'> {
  const { clusters, kinds, schemas } = options;
  return {
    listKinds: async ({ path, context }) => {
      await clusters.get(path.id, context);
      const found = await kinds.list(path.id, { signal: context.signal });
      return { kinds: found.kinds.map(publicKind), cache: found.cache };
    },
    getKindSchema: async ({ path, query, context }) => {
      await clusters.get(path.id, context);
      const { signal } = context;
      const type = {
        group: groupOfPath(path.group),
        plural: path.plural,
        version: query.version,
      };
      const kind = await kinds.find(path.id, type, { signal });
      return { schema: await schemas.get(path.id, kind, { signal }) };
    },
  };
}
