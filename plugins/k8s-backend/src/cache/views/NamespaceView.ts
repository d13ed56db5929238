import { namespaceRow } from '../../views/namespaceRow';
import type { Row } from '../Row';
import type { ViewDefinition, ViewParts, ViewRows } from './ViewRows';

type NamespacePart = 'namespaces';

const nameOf = ({ metadata }: Row) => metadata.name ?? '';

class NamespaceView implements ViewRows<NamespacePart> {
  readonly #parts: ViewParts<NamespacePart>;
  /** By name; undefined: gone. */
  #touched = new Map<string, Row | undefined>();

  constructor(parts: ViewParts<NamespacePart>) {
    this.#parts = parts;
  }

  changed(_: NamespacePart, row: Row): void {
    this.#touched.set(nameOf(row), row);
  }

  deleted(_: NamespacePart, row: Row): void {
    this.#touched.set(nameOf(row), undefined);
  }

  aged(): boolean {
    return false;
  }

  *take({ all }: { all: boolean }): Iterable<[string, object | undefined]> {
    if (all) {
      this.#touched.clear();
      for (const row of this.#parts.rows('namespaces')) {
        this.changed('namespaces', row);
      }
    }
    const touched = this.#touched;
    this.#touched = new Map();
    for (const [name, row] of touched) {
      const object = row && this.#parts.objectOf('namespaces', row);
      yield [name, object && namespaceRow(object)];
    }
  }
}

/** Namespaces by name. */
export const namespaceView: ViewDefinition<NamespacePart> = {
  optional: [],
  make: ({ parts }) => new NamespaceView(parts),
};
