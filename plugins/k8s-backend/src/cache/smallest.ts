/**
 * The first of a sorted list, without sorting all of it: a page of 50 out of 10,000 costs one pass and a few moves.
 *
 * @param compare - as for `Array.sort`
 * @returns at most `count` items, sorted
 */
export function smallest<T>(
  items: readonly T[],
  options: { count: number; compare: (one: T, other: T) => number },
): T[] {
  const { count, compare } = options;
  if (count <= 0) return [];
  // With most of the items wanted a sort is as good.
  if (items.length <= 2 * count) {
    return [...items].sort(compare).slice(0, count);
  }
  // The largest of those kept is at the top.
  const heap: T[] = [];
  for (const item of items) {
    if (heap.length < count) {
      heap.push(item);
      rise(heap, compare);
    } else if (compare(item, heap[0]) < 0) {
      heap[0] = item;
      sink(heap, compare);
    }
  }
  return heap.sort(compare);
}

function swap<T>(heap: T[], one: number, other: number) {
  [heap[one], heap[other]] = [heap[other], heap[one]];
}

/** Moves the last item up to its place. */
function rise<T>(heap: T[], compare: (one: T, other: T) => number) {
  let at = heap.length - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (compare(heap[at], heap[parent]) <= 0) return;
    swap(heap, at, parent);
    at = parent;
  }
}

/** Moves the first item down to its place. */
function sink<T>(heap: T[], compare: (one: T, other: T) => number) {
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const right = left + 1;
    let largest = at;
    if (left < heap.length && compare(heap[left], heap[largest]) > 0) {
      largest = left;
    }
    if (right < heap.length && compare(heap[right], heap[largest]) > 0) {
      largest = right;
    }
    if (largest === at) return;
    swap(heap, at, largest);
    at = largest;
  }
}
