import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Select, TextAreaField } from '@backstage/ui';
import { useMemo, useRef, useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { KUBECONFIG_LENGTH } from './accessInput';
import type { AccessFieldsProps } from './AccessForm';
import { readContexts } from './readContexts';
import { useFileDrop } from './useFileDrop';
import { useRegisterStyles } from './useRegisterStyles';

const CURRENT = ' current';
const ROWS = 12;

/** Chooses one of the contexts; nothing where there is no choice. */
export function ContextSelect(props: {
  names: readonly string[];
  current?: string;
  /** Empty: the current one. */
  value: string;
  problem?: string;
  onChange: (context: string) => void;
}) {
  const { names, current, value, problem, onChange } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  if (names.length < 2) return null;
  const others = names.filter(name => name !== current);
  return (
    <Select
      label={t('register.context')}
      description={t('register.contextHelp')}
      options={[
        {
          id: CURRENT,
          label: current
            ? t('register.contextCurrentNamed', { name: current })
            : t('register.contextCurrent'),
        },
        ...others.map(name => ({ id: name, label: name })),
      ]}
      value={value || CURRENT}
      onChange={key => onChange(key === CURRENT ? '' : String(key))}
      validationBehavior="aria"
      validate={() => problem}
    />
  );
}

/** A kubeconfig, pasted, dropped or read from a file; and its context. */
export function KubeconfigFields(props: AccessFieldsProps) {
  const { access, problems, onEdit } = props;
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const file = useRef<HTMLInputElement>(null);
  const zone = useRef<HTMLDivElement>(null);
  const [remark, setRemark] = useState('');
  const { kubeconfig } = access;
  const contexts = useMemo(() => readContexts(kubeconfig), [kubeconfig]);
  const problem =
    kubeconfig.length > KUBECONFIG_LENGTH
      ? t('register.tooLong')
      : problems.kubeconfig;

  const read = async (chosen: File | undefined) => {
    if (!chosen) return;
    if (chosen.size > KUBECONFIG_LENGTH) {
      setRemark(t('register.tooLong'));
      return;
    }
    try {
      onEdit({ kubeconfig: await chosen.text(), context: '' });
      setRemark(t('register.fileChosen', { name: chosen.name }));
    } catch {
      setRemark(t('register.fileUnreadable'));
    }
  };
  const isOver = useFileDrop(zone, read);
  return (
    <>
      <div
        ref={zone}
        className={`${classes.drop} ${isOver ? classes.dropping : ''}`}
      >
        <TextAreaField
          label={t('register.kubeconfig')}
          description={t('register.kubeconfigHelp')}
          rows={ROWS}
          value={kubeconfig}
          onChange={text => onEdit({ kubeconfig: text, context: '' })}
          // Without it browsers keep what was typed for the next visit.
          autoComplete="off"
          spellCheck="false"
          isRequired
          validationBehavior="aria"
          validate={() => problem}
        />
        <div className={classes.buttons}>
          <Button
            size="small"
            variant="secondary"
            onPress={() => file.current?.click()}
          >
            {t('register.chooseFile')}
          </Button>
          <span role="status" className={classes.quiet}>
            {isOver ? t('register.dropNow') : remark}
          </span>
        </div>
        <input
          ref={file}
          type="file"
          hidden
          tabIndex={-1}
          aria-label={t('register.chooseFile')}
          onChange={event => {
            read(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </div>
      <ContextSelect
        {...contexts}
        value={access.context}
        problem={problems.context}
        onChange={context => onEdit({ context })}
      />
    </>
  );
}
