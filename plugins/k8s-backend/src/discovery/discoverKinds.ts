/**
 * Reads which kinds a cluster serves: by aggregated discovery, which is two requests (Kubernetes 1.26 and newer), else group by
 * group. An aggregated API that does not answer costs only its own kinds.
 *
 * @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery
 */
import { isDnsLabel, isDnsSubdomain } from '@backstage-k8s/plugin-k8s-common';
import type { ClusterConnection } from '../connection/ClusterConnection';
import { isConnectionFailure } from '../errors/clusterErrors';
import { at, fieldOf, itemsOf, textOf } from '../rows/fields';
import type { DiscoveredKind, Discovery, GroupVersion } from './DiscoveredKind';

const AGGREGATED = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');
/** Requests at once when groups are asked one by one. */
const CONCURRENCY = 8;

type Kind = GroupVersion['kinds'][number];

const texts = (value: unknown) =>
  itemsOf(value).filter((item): item is string => typeof item === 'string');

/** A kind that has an address and can be listed. */
function usable(
  plural: unknown,
  kind: unknown,
  rest: Pick<Kind, 'namespaced' | 'verbs' | 'shortNames'>,
): Kind[] {
  const name = textOf(plural);
  const word = textOf(kind);
  if (name === undefined || word === undefined || !isDnsLabel(name)) return [];
  return rest.verbs.includes('list')
    ? [{ plural: name, kind: word, ...rest }]
    : [];
}

function aggregatedGroup(item: unknown): {
  versions: GroupVersion[];
  isStale: boolean;
} {
  const group = textOf(at(item, 'metadata', 'name')) ?? '';
  const versions = itemsOf(fieldOf(item, 'versions'));
  return {
    isStale: versions.some(
      version => fieldOf(version, 'freshness') === 'Stale',
    ),
    versions: versions.flatMap(version => {
      const name = textOf(fieldOf(version, 'version'));
      if (name === undefined) return [];
      const kinds = itemsOf(fieldOf(version, 'resources')).flatMap(resource =>
        usable(
          fieldOf(resource, 'resource'),
          at(resource, 'responseKind', 'kind'),
          {
            namespaced: fieldOf(resource, 'scope') === 'Namespaced',
            verbs: texts(fieldOf(resource, 'verbs')),
            shortNames: texts(fieldOf(resource, 'shortNames')),
          },
        ),
      );
      return [{ group, version: name, kinds }];
    }),
  };
}

async function legacyVersion(
  connection: ClusterConnection,
  place: { group: string; version: string },
  signal: AbortSignal,
): Promise<GroupVersion> {
  const { group, version } = place;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const answer = await connection.request({ path: root, signal });
  const resources = itemsOf(fieldOf(await answer.json<unknown>(), 'resources'));
  return {
    ...place,
    kinds: resources.flatMap(resource =>
      usable(fieldOf(resource, 'name'), fieldOf(resource, 'kind'), {
        namespaced: fieldOf(resource, 'namespaced') === true,
        verbs: texts(fieldOf(resource, 'verbs')),
        shortNames: texts(fieldOf(resource, 'shortNames')),
      }),
    ),
  };
}

/** The versions of each group that a document names, the preferred one first. */
function legacyPlaces(document: unknown): { group: string; version: string }[] {
  const core = texts(fieldOf(document, 'versions'));
  const groups = itemsOf(fieldOf(document, 'groups')).flatMap(item => {
    const group = textOf(fieldOf(item, 'name')) ?? '';
    const preferred = textOf(at(item, 'preferredVersion', 'version'));
    const versions = itemsOf(fieldOf(item, 'versions')).flatMap(
      version => textOf(fieldOf(version, 'version')) ?? [],
    );
    const ordered = [
      ...versions.filter(version => version === preferred),
      ...versions.filter(version => version !== preferred),
    ];
    return ordered.map(version => ({ group, version }));
  });
  return [...core.map(version => ({ group: '', version })), ...groups].filter(
    ({ group, version }) =>
      isDnsLabel(version) && (group === '' || isDnsSubdomain(group)),
  );
}

async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return results;
}

async function readDocument(
  connection: ClusterConnection,
  path: string,
  signal: AbortSignal,
): Promise<{ versions: GroupVersion[]; failedGroups: string[] }> {
  const answer = await connection.request({ path, accept: AGGREGATED, signal });
  const document = await answer.json<unknown>();
  if (fieldOf(document, 'kind') === 'APIGroupDiscoveryList') {
    const groups = itemsOf(fieldOf(document, 'items')).map(aggregatedGroup);
    const stale = groups.filter(({ isStale }) => isStale);
    return {
      versions: groups.flatMap(({ versions }) => versions),
      failedGroups: stale.flatMap(({ versions }) =>
        versions.slice(0, 1).map(({ group }) => group),
      ),
    };
  }
  const failedGroups: string[] = [];
  const versions = await inParallel(legacyPlaces(document), async place => {
    try {
      return [await legacyVersion(connection, place, signal)];
    } catch (error) {
      // The cluster itself is away: what is not known now is not known.
      if (signal.aborted || isConnectionFailure(error)) throw error;
      failedGroups.push(place.group);
      return [];
    }
  });
  return { versions: versions.flat(), failedGroups };
}

/** One kind for all the versions that it is served in. */
function merged(versions: readonly GroupVersion[]): DiscoveredKind[] {
  const kinds = new Map<string, DiscoveredKind>();
  for (const { group, version, kinds: served } of versions) {
    if (group !== '' && !isDnsSubdomain(group)) continue;
    for (const kind of served) {
      const key = `${kind.plural}.${group}`;
      const known = kinds.get(key);
      if (known) known.versions.push(version);
      else kinds.set(key, { group, ...kind, versions: [version] });
    }
  }
  return [...kinds.values()];
}

/** Asks a cluster for its kinds. @throws the connection's errors */
export async function discoverKinds(
  connection: ClusterConnection,
  signal: AbortSignal,
): Promise<Discovery> {
  const documents = await Promise.all([
    readDocument(connection, '/api', signal),
    readDocument(connection, '/apis', signal),
  ]);
  const failedGroups = documents.flatMap(({ failedGroups: failed }) => failed);
  return {
    kinds: merged(documents.flatMap(({ versions }) => versions)),
    failedGroups: [...new Set(failedGroups)].sort(),
  };
}
