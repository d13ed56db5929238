import { PreparedJson } from './PreparedJson';

describe('PreparedJson', () => {
  const rows = ['{"name":"é€😀"}', '{"name":"b"}'];
  const fields = { total: 2, note: 'ü', absent: undefined };

  it('writes fields, and what is written already, as one object', () => {
    const json = PreparedJson.of(fields, { rows, others: [] });
    const expected =
      '{"total":2,"note":"ü","rows":[{"name":"é€😀"},{"name":"b"}],"others":[]}';
    expect(json.toText()).toBe(expected);
    expect(json.toBytes().toString()).toBe(expected);
    expect(json.parse()).toEqual(JSON.parse(expected));
  });

  it.each([
    ['nothing', {}, {}, '{}'],
    ['fields only', { a: 1 }, {}, '{"a":1}'],
    ['written only', {}, { a: ['1', '2'] }, '{"a":[1,2]}'],
  ])('writes %s', (_, some, written, expected) => {
    expect(PreparedJson.of(some, written).toText()).toBe(expected);
  });

  it('joins texts and bytes, also where half a character is written', () => {
    const json = new PreparedJson(['["', Buffer.from('é'), '\ud800', '"]']);
    expect(json.toBytes().toString()).toBe('["é\ufffd"]');
  });
});
