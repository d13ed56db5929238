import { namespaceRow } from '../../views/namespaceRow';
import type { Row } from '../Row';
import { nameOf } from './rowKeys';
import { TouchedRows } from './TouchedRows';
import type { ViewDefinition, ViewParts, ViewRows } from './ViewRows';

type NamespacePart = 'namespaces';

class NamespaceView implements ViewRows<NamespacePart> {
  readonly #parts: ViewParts<NamespacePart>;
  readonly #touched = new TouchedRows({ keyOf: nameOf });

  constructor(parts: ViewParts<NamespacePart>) {
    this.#parts = parts;
  }

  changed(_: NamespacePart, row: Row): void {
    this.#touched.changed(row);
  }

  deleted(_: NamespacePart, row: Row): void {
    this.#touched.deleted(row);
  }

  aged(): boolean {
    return false;
  }

  *take({ all }: { all: boolean }): Iterable<[string, object | undefined]> {
    if (all) this.#touched.startOver(this.#parts.rows('namespaces'));
    for (const [name, row] of this.#touched.take()) {
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
