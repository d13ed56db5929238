/**
 * What rows say of objects besides their metadata. It runs in worker threads, for every object that arrives: no I/O, nothing
 * of Backstage, and whatever an object holds, a row comes of it.
 */
import type {
  ColumnSource,
  KubernetesObject,
  ResourceHealth,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';
import { compileCell } from './cells/compileCell';
import type { CellValue } from './cells/compileCell';
import { hasPodTemplate, imagesOfObject } from './cells/workloadCells';
import { healthOf } from './health/healthOf';

/** What a row says of an object besides its metadata. */
export interface RowContent {
  health: ResourceHealth;
  /** One per column, in their order. */
  cells: CellValue[];
  /** Lower case; what `search` looks in besides the name: images, and the cells that are texts. Absent: nothing. */
  search?: string;
  /** Characters at the beginning of `search` that are images, one a line. Absent: it has none. */
  imagesLength?: number;
}

/** The content of an object's row. */
export type RowBuilder = (object: KubernetesObject) => RowContent;

const UNKNOWN: ResourceHealth = { state: 'unknown' };
const NO_TEXTS: string[] = [];
/** Characters. */
const SEARCH_LENGTH = 2048;

/** What cannot be read says nothing; one odd field must not cost the rest of the table. */
function orElse<T>(
  read: (object: KubernetesObject) => T,
  fallback: T,
): (object: KubernetesObject) => T {
  return object => {
    try {
      return read(object);
    } catch {
      return fallback;
    }
  };
}

const searchText = (texts: readonly unknown[]) =>
  texts.join('\n').slice(0, SEARCH_LENGTH).toLowerCase();

/** Numbers, times and the like are not what anybody searches for. */
const isSearched = ({ type }: ColumnSource) =>
  type === 'text' || type === 'list';

/** Makes what computes the rows of a kind. */
export function createRowBuilder(
  kind: ResourceType,
  columns: readonly ColumnSource[],
): RowBuilder {
  const cells = columns.map(column =>
    orElse<CellValue>(compileCell(column), null),
  );
  const health = orElse(healthOf(kind), UNKNOWN);
  const images = hasPodTemplate(kind)
    ? orElse(imagesOfObject, [])
    : () => NO_TEXTS;
  const searched = columns.map(isSearched);
  return object => {
    const values = cells.map(cell => cell(object));
    const ofImages = images(object);
    const texts = new Set([
      ...ofImages,
      ...values.filter((_, index) => searched[index]).flat(),
    ]);
    texts.delete(null);
    const search = searchText([...texts]);
    return {
      health: health(object),
      cells: values,
      ...(search && { search }),
      ...(ofImages.length > 0 && { imagesLength: searchText(ofImages).length }),
    };
  };
}
