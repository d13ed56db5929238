import { pathKey } from './fieldPath';
import { reorderDrafts, withDraft } from './yamlDrafts';

const LIST = ['spec', 'parts'];
const DRAFTS = {
  [pathKey(['spec', 'other'])]: 'o',
  [pathKey([...LIST, 0, 'a'])]: 'first',
  [pathKey([...LIST, 1])]: 'second',
};

test('a draft is kept until its field can be read', () => {
  const drafts = withDraft({}, ['spec', 'a'], '[');
  expect(drafts).toEqual({ '["spec","a"]': '[' });
  expect(withDraft(drafts, ['spec', 'a'], '[1')).toEqual({
    '["spec","a"]': '[1',
  });
  expect(withDraft(drafts, ['spec', 'a'], undefined)).toEqual({});
});

test('drafts follow the items of their list', () => {
  expect(reorderDrafts(DRAFTS, LIST, [1, 0])).toEqual({
    [pathKey(['spec', 'other'])]: 'o',
    [pathKey([...LIST, 1, 'a'])]: 'first',
    [pathKey([...LIST, 0])]: 'second',
  });
});

test('drafts of an item go with it', () => {
  expect(reorderDrafts(DRAFTS, LIST, [1])).toEqual({
    [pathKey(['spec', 'other'])]: 'o',
    [pathKey([...LIST, 0])]: 'second',
  });
});
