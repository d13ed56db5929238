/** How well rows match a text that is looked for in many kinds at once. */
import type { SearchField } from '@backstage-k8s/plugin-k8s-common';
import type { FindQuery } from '@backstage-k8s/plugin-k8s-node';
import { plainText } from '../views/plainText';
import type { Row } from './Row';

/** How a row was found. */
export interface RowMatch {
  /** Smaller is better: exact name, beginning of a name, part of a name, image, label, part of a label. */
  rank: number;
  by: SearchField;
}

const EXACT_NAME: RowMatch = { rank: 0, by: 'name' };
const NAME_PREFIX: RowMatch = { rank: 1, by: 'name' };
const NAME_PART: RowMatch = { rank: 2, by: 'name' };
const IMAGE: RowMatch = { rank: 3, by: 'image' };
const LABEL: RowMatch = { rank: 4, by: 'label' };
const LABEL_PART: RowMatch = { rank: 5, by: 'label' };

/** Characters of an image or label that are told; longer ones are cut. */
const TEXT_LENGTH = 512;

/** How well a label matches; undefined: not at all. */
type LabelTest = (key: string, value: string) => RowMatch | undefined;

/** Thousands of objects have the same few labels: each is looked at once. */
function remembered<T>(test: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return text => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as T;
    const found = test(text);
    known.set(text, found);
    return found;
  };
}

/** `app=pay` is the beginning of the value of `app`, and of `example.org/app`; any other text is part of a value. */
function labelTest(text: string): LabelTest {
  const at = text.indexOf('=');
  if (at < 0) {
    const testValue = remembered(value => {
      const known = value.toLowerCase();
      if (known === text) return LABEL;
      return known.includes(text) ? LABEL_PART : undefined;
    });
    return (_, value) => testValue(value);
  }
  const wantedKey = text.slice(0, at);
  const wanted = text.slice(at + 1);
  const suffix = `/${wantedKey}`;
  const isWanted = remembered(key => {
    const known = key.toLowerCase();
    return known === wantedKey || known.endsWith(suffix);
  });
  const testValue = remembered(value => {
    const known = value.toLowerCase();
    if (known === wanted) return LABEL;
    return known.startsWith(wanted) ? LABEL_PART : undefined;
  });
  return (key, value) => (isWanted(key) ? testValue(value) : undefined);
}

/** Looks for one text in rows. */
export class RowFinder {
  readonly #text: string;
  readonly #by: ReadonlySet<SearchField>;
  readonly #testLabel: LabelTest;

  constructor({ text, by }: FindQuery) {
    // A line break would find the end of one image with the beginning of the next.
    this.#text = text.trim().replace(/\s+/g, ' ').toLowerCase();
    this.#by = new Set(by);
    this.#testLabel = labelTest(this.#text);
  }

  /** How well the row matches; undefined: not at all. */
  match(row: Row): RowMatch | undefined {
    return (
      (this.#by.has('name') ? this.#nameMatch(row) : undefined) ??
      (this.#by.has('image') && this.#imageAt(row) >= 0 ? IMAGE : undefined) ??
      (this.#by.has('label') ? this.#bestLabel(row)?.match : undefined)
    );
  }

  /** The image, or the label as `key=value`, that a row was found by; undefined for a name. */
  textOf(row: Row, { by }: RowMatch): string | undefined {
    if (by === 'image') return plainText(this.#imageOf(row), TEXT_LENGTH);
    if (by === 'label') {
      const found = this.#bestLabel(row);
      return found && plainText(`${found.key}=${found.value}`, TEXT_LENGTH);
    }
    return undefined;
  }

  #nameMatch({ metadata }: Row): RowMatch | undefined {
    const name = (metadata.name ?? '').toLowerCase();
    const at = name.indexOf(this.#text);
    if (at < 0) return undefined;
    if (at > 0) return NAME_PART;
    return name.length === this.#text.length ? EXACT_NAME : NAME_PREFIX;
  }

  /** Where it is among the images; -1: in none. What is behind them in the searched text does not count. */
  #imageAt({ content: { search, imagesLength } }: Row): number {
    if (!search || !imagesLength) return -1;
    const at = search.indexOf(this.#text);
    return at + this.#text.length <= imagesLength ? at : -1;
  }

  #imageOf(row: Row): string {
    const { cells, search = '', imagesLength } = row.content;
    const images = search.slice(0, imagesLength);
    const at = this.#imageAt(row);
    const end = images.indexOf('\n', at);
    const line = images.slice(
      images.lastIndexOf('\n', at) + 1,
      end < 0 ? undefined : end,
    );
    // What is searched is in lower case; a cell has it as it is written.
    const written = cells
      .flat()
      .find(cell => typeof cell === 'string' && cell.toLowerCase() === line);
    return typeof written === 'string' ? written : line;
  }

  #bestLabel({
    metadata: { labels },
  }: Row): { key: string; value: string; match: RowMatch } | undefined {
    let best: { key: string; value: string; match: RowMatch } | undefined;
    if (!labels) return best;
    // Of every row of a cluster: without a list of pairs for each.
    for (const key of Object.keys(labels)) {
      const value = labels[key];
      const match =
        typeof value === 'string' ? this.#testLabel(key, value) : undefined;
      if (match && (!best || match.rank < best.match.rank)) {
        best = { key, value, match };
      }
    }
    return best;
  }
}
