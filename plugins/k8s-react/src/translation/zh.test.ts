import { k8sReactTranslationRef } from './k8sReactTranslationRef';
import chinese from './zh';

// Not in the reference's public type, which knows the keys only.
const english = (
  k8sReactTranslationRef as unknown as {
    getDefaultMessages(): Record<string, string>;
  }
).getDefaultMessages();

const placesOf = (words: string) => [...words.matchAll(/{{\w+}}/g)].map(String);

it('has every message, and in each what is put into it', () => {
  expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
  for (const [key, words] of Object.entries<string>(chinese)) {
    expect([key, placesOf(words).sort()]).toEqual([
      key,
      placesOf(english[key]).sort(),
    ]);
  }
});

it('leaves none in English by oversight', () => {
  const same = Object.entries<string>(chinese)
    .filter(([key, words]) => words === english[key])
    .filter(([, words]) => /[a-z]{4,} [a-z]{2,}/.test(words));
  expect(same).toEqual([]);
});
