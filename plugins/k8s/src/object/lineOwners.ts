/** Who set which line of a manifest, by what the cluster tells of its fields. */
import { FIELD_MANAGER } from '@backstage-k8s/plugin-k8s-common';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Pair } from 'yaml';

type FieldOwner = Schema<'FieldOwner'>;

const PLAIN_FIELD = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** As the REST API writes paths, e.g. `spec.containers[name=app].image`. */
function fieldPath(path: string, field: string): string {
  if (!PLAIN_FIELD.test(field)) return `${path}[${JSON.stringify(field)}]`;
  return path ? `${path}.${field}` : field;
}

/** What paths begin with: `a.b[c=d]` with `a` and `a.b`. */
function beginningsOf(path: string): string[] {
  const ends = [...path.matchAll(/[.[]/g)].map(({ index }) => index);
  return ends.map(end => path.slice(0, end));
}

/** What an item of a list may be called in a path: by its value, or by any of its fields. */
function namesOf(item: unknown): string[] {
  if (isScalar(item)) return [`value=${item.value}`];
  if (!isMap(item)) return [];
  return (item.items as Pair[]).flatMap(({ key, value }) =>
    isScalar(key) && isScalar(value) ? [`${key.value}=${value.value}`] : [],
  );
}

class LineOwners {
  readonly lines = new Map<number, string>();
  private readonly owners = new Map<string, string>();
  private readonly known = new Set<string>();

  constructor(
    owners: readonly FieldOwner[],
    private readonly count: LineCounter,
  ) {
    for (const { manager, paths } of owners) {
      if (manager === FIELD_MANAGER) continue;
      for (const path of paths) {
        this.owners.set(path, manager);
        this.known.add(path);
        beginningsOf(path).forEach(beginning => this.known.add(beginning));
      }
    }
  }

  visit(node: unknown, path: string): void {
    if (isMap(node)) {
      for (const { key, value } of node.items as Pair[]) {
        if (!isScalar(key)) continue;
        const inner = fieldPath(path, String(key.value));
        this.mark(key, inner);
        this.visit(value, inner);
      }
    } else if (isSeq(node)) {
      for (const item of node.items) {
        const inner = this.itemPath(item, path);
        if (inner === undefined) continue;
        if (!isMap(item)) this.mark(item, inner);
        this.visit(item, inner);
      }
    }
  }

  private mark(node: unknown, path: string) {
    const owner = this.owners.get(path);
    const start = (node as { range?: number[] | null }).range?.[0];
    if (owner === undefined || start === undefined) return;
    const { line } = this.count.linePos(start);
    if (!this.lines.has(line)) this.lines.set(line, owner);
  }

  /** Items are told apart by one of their fields, or by their value. */
  private itemPath(item: unknown, path: string): string | undefined {
    const names = namesOf(item);
    return names
      .map(name => `${path}[${name}]`)
      .find(inner => this.known.has(inner));
  }
}

/** The manager of each line that somebody else than the portal has set; lines begin at 1. */
export function ownersOfLines(
  text: string,
  owners: readonly FieldOwner[],
): ReadonlyMap<number, string> {
  const count = new LineCounter();
  const document = parseDocument(text, { lineCounter: count });
  const found = new LineOwners(owners, count);
  found.visit(document.contents, '');
  return found.lines;
}
