import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Combobox } from '@backstage/ui';
import { useEffect, useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { readOwner, useOwners } from './useOwners';
import type { Owner } from './useOwners';

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

/** Chooses a group or a user of the catalog. */
export function OwnerField(props: {
  /** An entity reference; empty: nobody. */
  value: string;
  problem?: string;
  onChange: (owner: string) => void;
}) {
  const { value, problem, onChange } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const labelOf = ({ kind, name }: Owner) =>
    kind === 'group'
      ? t('register.ownerGroup', { name })
      : t('register.ownerUser', { name });
  // Who comes back to the form sees whom they chose.
  const [chosen, setChosen] = useState(() => readOwner(value));
  const [typed, setTyped] = useState(() => (chosen ? labelOf(chosen) : ''));
  // The label of what is chosen is no search.
  const words = chosen && typed === labelOf(chosen) ? '' : typed;
  const owners = useOwners(useSettled(words.trim()));
  const found = owners.data ?? [];
  const listed =
    chosen && !found.some(({ ref }) => ref === chosen.ref)
      ? [chosen, ...found]
      : found;
  return (
    <Combobox
      label={t('register.owner')}
      description={
        owners.error ? t('register.ownerFailed') : t('register.ownerHelp')
      }
      placeholder={t('register.ownerNone')}
      options={listed.map(owner => ({
        id: owner.ref,
        label: labelOf(owner),
        description: owner.ref,
      }))}
      loading={{ state: owners.isFetching ? 'filtering' : 'idle' }}
      search={{
        inputValue: typed,
        onInputChange: setTyped,
        // The catalog has searched already.
        filter: () => true,
      }}
      value={value || null}
      onChange={key => {
        const owner = listed.find(({ ref }) => ref === key);
        setChosen(owner);
        setTyped(owner ? labelOf(owner) : '');
        onChange(owner?.ref ?? '');
      }}
      validationBehavior="aria"
      isInvalid={Boolean(problem)}
      validate={() => problem}
    />
  );
}
