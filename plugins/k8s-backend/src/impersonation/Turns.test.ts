import { Turns } from './Turns';

const settle = () => new Promise(resolve => setImmediate(resolve));

it('lets so many of the same run at once, each other thing by itself, and goes on after a failure', async () => {
  const turns = new Turns(2);
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const work = (of: string, name: string) =>
    turns.take(of, () => {
      begun.push(name);
      return new Promise<string>((resolve, reject) => {
        ends.set(name, error => (error ? reject(error) : resolve(name)));
      });
    });
  const all = ['a', 'b', 'c', 'd'].map(name => work('one', name));
  const other = work('two', 'x');
  await settle();
  expect(begun).toEqual(['a', 'b', 'x']);
  ends.get('a')?.(new Error('no'));
  await expect(all[0]).rejects.toThrow('no');
  await settle();
  expect(begun).toEqual(['a', 'b', 'x', 'c']);
  ends.get('c')?.();
  ends.get('b')?.();
  await settle();
  ends.get('d')?.();
  ends.get('x')?.();
  expect(await Promise.all([...all.slice(1), other])).toEqual([
    ...['b', 'c', 'd', 'x'],
  ]);
  const last = work('one', 'e');
  await settle();
  expect(begun).toContain('e');
  ends.get('e')?.();
  await last;
});
