import {
  mainVersion,
  servingRevision,
  shortImage,
  versionOf,
} from './deploymentFacts';

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

describe('shortImage', () => {
  it.each([
    ['registry.example/shop/payments:1.8.3', 'shop/payments:1.8.3'],
    ['localhost:5000/payments', 'payments'],
    ['localhost/payments', 'payments'],
    ['shop/payments:1.8', 'shop/payments:1.8'],
    ['payments:1.8', 'payments:1.8'],
  ])('of %s is %s', (image, short) => {
    expect(shortImage(image)).toBe(short);
  });
});

describe('servingRevision', () => {
  const revisionOf = (revision: number, current: boolean, ready: number) => ({
    revision,
    current,
    ready,
    createdAt: '2026-01-01T00:00:00Z',
    containers: [],
    template: {},
  });

  it.each([
    ['the earlier one that has ready pods', [0, 0, 2], 1],
    [
      'none when no earlier one has any: being newer does not make it good',
      [2, 0, 0],
      undefined,
    ],
    ['none when there is no other', [2], undefined],
  ])('is %s', (_, ready, expected) => {
    const revisions = ready.map((pods, index) =>
      revisionOf(3 - index, index === 0, pods),
    );
    expect(servingRevision(revisions)?.revision).toBe(expected);
  });
});
