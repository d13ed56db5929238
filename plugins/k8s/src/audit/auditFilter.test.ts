import { FILTER_NAMES, actorOf, toAuditFilter } from './auditFilter';
import type { FilterState } from './auditFilter';
import { fromLocalInput, toLocalInput } from './localTime';

const NOW = Date.parse('2026-06-15T12:00:00.000Z');
const nothing = Object.fromEntries(
  FILTER_NAMES.map(name => [name, '']),
) as FilterState;

it.each<[Partial<FilterState>, object]>([
  [{}, {}],
  [{ who: 'Ada' }, { actor: 'user:default/ada' }],
  [{ action: 'cluster.delete' }, { action: 'cluster.delete' }],
  [{ result: 'refused' }, { outcome: 'refused' }],
  [{ result: 'anything' }, {}],
  [{ when: 'hour' }, { from: '2026-06-15T11:00:00.000Z' }],
  [{ when: 'toString' }, {}],
  [
    { when: 'custom', from: '2026-06-01T00:00:00.000Z', to: 'soon' },
    { from: '2026-06-01T00:00:00.000Z' },
  ],
  [{ from: '2026-06-01T00:00:00.000Z' }, {}],
])('%j asks for %j', (state, filter) => {
  expect(toAuditFilter({ ...nothing, ...state }, NOW)).toEqual(filter);
});

it.each([
  ['', ''],
  [' ada ', 'user:default/ada'],
  ['user:other/Ada', 'user:other/Ada'],
  ['plugin:catalog', 'plugin:catalog'],
  ['system', 'system'],
])('takes %j for %j', (who, actor) => {
  expect(actorOf(who)).toBe(actor);
});

it('keeps a moment through the field of local time', () => {
  const at = '2026-06-15T09:30:00.000Z';
  expect(fromLocalInput(toLocalInput(at))).toBe(at);
  expect(toLocalInput('')).toBe('');
  expect(fromLocalInput('')).toBe('');
});
