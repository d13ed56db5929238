import { translationApiRef } from '@backstage/frontend-plugin-api';
import type { ApiRef } from '@backstage/frontend-plugin-api';
import { mockApis } from '@backstage/frontend-test-utils';
import { validateNamespace } from './validateNamespace';

function errorsOf(
  name: string | undefined,
  translation: unknown = mockApis.translation(),
): string[] {
  const errors: string[] = [];
  const apiHolder = {
    get: <T>(ref: ApiRef<T>) =>
      ref.id === translationApiRef.id ? (translation as T) : undefined,
  };
  validateNamespace(
    name,
    { addError: message => errors.push(message) },
    { apiHolder },
  );
  return errors;
}

it.each([undefined, '', 'payments', 'shop-2', '9lives', 'a'.repeat(63)])(
  'lets %s through',
  name => expect(errorsOf(name)).toEqual([]),
);

it.each(['My Shop', 'shop.front', '-shop', 'shop-', 'a'.repeat(64)])(
  'says in words why %s is none',
  name =>
    expect(errorsOf(name)).toEqual([
      expect.stringMatching(/^is not a name that Kubernetes allows: /),
    ]),
);

it('lets none through where the translation is not there yet', () => {
  const loading = { getTranslation: () => ({ ready: false }) };
  expect(errorsOf('My Shop', loading)).toHaveLength(1);
});
