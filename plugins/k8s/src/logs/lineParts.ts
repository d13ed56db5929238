/** A piece of a line, and whether it is what was searched for. */
export interface LinePart {
  text: string;
  isMatch: boolean;
}

/** Matches of one line that are marked; a line of sixty thousand blanks has as many. */
const MARKED = 100;

/** Whether a line holds the text, upper and lower case alike. */
export function holds(text: string, search: string): boolean {
  return text.toLowerCase().includes(search.toLowerCase());
}

/** A line cut at what was searched for, upper and lower case alike. */
export function lineParts(text: string, search: string): LinePart[] {
  if (search === '') return [{ text, isMatch: false }];
  const lower = text.toLowerCase();
  const needle = search.toLowerCase();
  // Some letters get longer in lower case: then places in one are none in the other.
  if (lower.length !== text.length) return [{ text, isMatch: false }];
  const parts: LinePart[] = [];
  let from = 0;
  for (let marked = 0; marked < MARKED; marked += 1) {
    const at = lower.indexOf(needle, from);
    if (at < 0) break;
    const to = at + needle.length;
    if (at > from) parts.push({ text: text.slice(from, at), isMatch: false });
    parts.push({ text: text.slice(at, to), isMatch: true });
    from = to;
  }
  if (from < text.length) {
    parts.push({ text: text.slice(from), isMatch: false });
  }
  return parts;
}
