/**
 * What CustomResourceDefinitions say of their kinds besides what discovery tells: columns, and whether replicas can be set.
 * Definitions hold whole schemas, so they are read in pages and little is kept of them.
 */
import type { ColumnSource } from '@backstage-k8s/plugin-k8s-common';
import type { ClusterConnection } from '../connection/ClusterConnection';
import { at, fieldOf, itemsOf, numberOf, textOf } from '../rows/fields';
import { inert } from '../rows/inert';

/** What is kept of a definition. */
export interface Definition {
  /** By version. */
  columns: ReadonlyMap<string, ColumnSource[]>;
  /** `spec.replicas` is what its scale sub-resource sets. */
  isScalable: boolean;
}

const PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const PAGE = 50;
const MAX_PAGES = 100;
const MAX_COLUMNS = 32;
const TITLE_LENGTH = 64;

const TYPES: Readonly<Record<string, ColumnSource['type']>> = {
  string: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  date: 'date',
};

/** What every table has already. */
const EVERY_KIND = ['name', 'namespace', 'health', 'age'];
const STATUS: ColumnSource = {
  id: 'status',
  title: 'Status',
  type: 'text',
  path: '.status.phase',
};

function idOf(title: string, taken: Set<string>): string {
  const plain =
    title
      .toLowerCase()
      .replace(/[^a-z0-9]+([a-z0-9])/g, (_, next: string) => next.toUpperCase())
      .replace(/[^A-Za-z0-9]/g, '')
      .slice(0, 48) || 'column';
  let id = plain;
  for (let number = 2; taken.has(id); number += 1) id = `${plain}${number}`;
  taken.add(id);
  return id;
}

/** A version's columns, without the age of its own that most definitions name. */
export function definitionColumns(version: unknown): ColumnSource[] {
  const taken = new Set(EVERY_KIND);
  const columns = itemsOf(fieldOf(version, 'additionalPrinterColumns'))
    .slice(0, MAX_COLUMNS)
    .flatMap(column => {
      const path = textOf(fieldOf(column, 'jsonPath'));
      const title = inert(fieldOf(column, 'name'), TITLE_LENGTH);
      if (path === undefined || title === null) return [];
      if (path === '.metadata.creationTimestamp') return [];
      const source: ColumnSource = {
        id: idOf(title, taken),
        title,
        type: TYPES[textOf(fieldOf(column, 'type')) ?? ''] ?? 'text',
        path,
        ...((numberOf(fieldOf(column, 'priority')) ?? 0) > 0 && {
          wide: true,
        }),
      };
      return [source];
    });
  if (columns.length > 0) return columns;
  const phase = at(
    version,
    ...['schema', 'openAPIV3Schema', 'properties', 'status'],
    ...['properties', 'phase'],
  );
  return phase === undefined ? [] : [STATUS];
}

function definitionOf(item: unknown): [string, Definition][] {
  const group = textOf(at(item, 'spec', 'group'));
  const plural = textOf(at(item, 'spec', 'names', 'plural'));
  if (group === undefined || plural === undefined) return [];
  const versions = itemsOf(at(item, 'spec', 'versions'));
  const columns = new Map(
    versions.flatMap(version => {
      const name = textOf(fieldOf(version, 'name'));
      return name === undefined
        ? []
        : [[name, definitionColumns(version)] as const];
    }),
  );
  const isScalable = versions.some(
    version =>
      at(version, 'subresources', 'scale', 'specReplicasPath') ===
      '.spec.replicas',
  );
  return [[`${plural}.${group}`, { columns, isScalable }]];
}

/** The definitions of a cluster by plural and group. @throws the connection's errors, e.g. when our credential may not list them */
export async function readDefinitions(
  connection: ClusterConnection,
  signal: AbortSignal,
): Promise<Map<string, Definition>> {
  const definitions = new Map<string, Definition>();
  let next: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await connection.request({
      path: PATH,
      query: { limit: PAGE, continue: next },
      signal,
    });
    const list = await answer.json<unknown>();
    for (const item of itemsOf(fieldOf(list, 'items'))) {
      for (const [key, definition] of definitionOf(item)) {
        definitions.set(key, definition);
      }
    }
    next = textOf(at(list, 'metadata', 'continue'));
    if (next === undefined) break;
  }
  return definitions;
}
