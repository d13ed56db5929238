import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Combobox } from '@backstage/ui';
import { useEffect, useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { readOwner, useOwners } from './useOwners';

/** Milliseconds after the last key in which the catalog is not asked yet. */
const TYPING_MS = 250;

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** Chooses a group or a user of the catalog, which does the search, as owner; empty: nobody. */
export function OwnerPicker(props: {
  owner: string;
  onChange: (owner: string) => void;
}) {
  const { owner, onChange } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const [chosen, setChosen] = useState(() => readOwner(owner));
  const [typed, setTyped] = useState(chosen?.name ?? '');
  // The name of who is chosen is no search.
  const words = typed === chosen?.name ? '' : typed;
  const owners = useOwners(useSettled(words.trim()));
  const found = owners.data ?? [];
  const listed =
    chosen && !found.some(({ ref }) => ref === chosen.ref)
      ? [chosen, ...found]
      : found;
  return (
    <Combobox
      label={t('owner.label')}
      description={
        owners.error ? t('register.ownerFailed') : t('owner.explain')
      }
      placeholder={t('owner.placeholder')}
      options={listed.map(({ ref, name }) => ({
        id: ref,
        label: name,
        description: ref,
      }))}
      search={{
        inputValue: typed,
        onInputChange: setTyped,
        // The catalog has searched already.
        filter: () => true,
      }}
      value={owner || null}
      onChange={key => {
        const next = listed.find(({ ref }) => ref === key);
        setChosen(next);
        setTyped(next?.name ?? '');
        onChange(next?.ref ?? '');
      }}
    />
  );
}
