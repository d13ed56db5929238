import { lastGoodRevision, mainVersion, versionOf } from './deploymentFacts';

describe('versionOf', () => {
  it.each([
    ['registry.example:5000/shop/payments:1.8.3', '1.8.3'],
    ['registry.example:5000/shop/payments', 'latest'],
    ['payments@sha256:0123456789abcdef0123', '0123456789ab'],
    ['payments:1.8@sha256:0123456789abcdef', '1.8'],
  ])('of %s is %s', (image, version) => {
    expect(versionOf(image)).toBe(version);
  });

  it('is a dash without containers', () => {
    expect(mainVersion([])).toBe('–');
  });
});

describe('lastGoodRevision', () => {
  const revisionOf = (revision: number, current: boolean, ready: number) => ({
    revision,
    current,
    ready,
    createdAt: '2026-01-01T00:00:00Z',
    containers: [],
    template: {},
  });

  it.each([
    [
      'the one that still serves',
      [
        [3, 0],
        [2, 0],
        [1, 2],
      ],
      1,
    ],
    [
      'the newest earlier one when none serves',
      [
        [3, 0],
        [2, 0],
        [1, 0],
      ],
      2,
    ],
    ['none when there is no other', [[3, 2]], undefined],
  ])('is %s', (_, rows, expected) => {
    const revisions = rows.map(([revision, ready], index) =>
      revisionOf(revision, index === 0, ready),
    );
    expect(lastGoodRevision(revisions)?.revision).toBe(expected);
  });
});
