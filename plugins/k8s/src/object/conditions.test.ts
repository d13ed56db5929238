import { byTrouble, conditionTone, conditionsOf } from './conditions';

const objectWith = (conditions: unknown) => ({
  metadata: {},
  status: { conditions },
});

describe('conditions', () => {
  it.each([
    ['Ready', 'True', 'good'],
    ['Ready', 'False', 'bad'],
    ['Ready', 'Unknown', 'neutral'],
    ['DiskPressure', 'True', 'bad'],
    ['DiskPressure', 'False', 'good'],
    ['ReplicaFailure', 'True', 'bad'],
    ['Progressing', 'True', 'progress'],
    ['Reconciling', 'False', 'neutral'],
    // What nobody has heard of is meant to hold.
    ['Fancy', 'False', 'bad'],
  ])('%s=%s is %s', (type, status, tone) => {
    expect(conditionTone({ type, status })).toBe(tone);
  });

  it('come with the trouble first', () => {
    const conditions = conditionsOf(
      objectWith([
        { type: 'Ready', status: 'True' },
        { type: 'Synced', status: 'False', message: 'no' },
      ]),
    );
    expect(conditions.sort(byTrouble).map(({ type }) => type)).toEqual([
      'Synced',
      'Ready',
    ]);
  });

  it.each([[undefined], ['odd'], [[null, 1, {}]]])(
    'are none where a status has %j',
    conditions => {
      expect(conditionsOf(objectWith(conditions))).toEqual([]);
    },
  );
});
