import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Switch, TextField } from '@backstage/ui';
import { LabelEditor } from '../pages/LabelEditor';
import { OwnerPicker } from '../pages/OwnerPicker';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** How a cluster is called, grouped and owned. */
export interface ClusterDetails {
  name: string;
  labels: Record<string, string>;
  owner: string;
  protected: boolean;
}

/** What a new cluster begins with: the two labels that most portals group by. */
export const NEW_DETAILS: ClusterDetails = {
  name: '',
  labels: { environment: '', region: '' },
  owner: '',
  protected: false,
};

const SUGGESTED = ['environment', 'region'];

/** Asks how a cluster is called, grouped and owned. */
export function DetailsForm(props: {
  details: ClusterDetails;
  onChange: (details: ClusterDetails) => void;
  /** What the server had against the name. */
  nameError?: string;
}) {
  const { details, onChange, nameError } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const set = (part: Partial<ClusterDetails>) =>
    onChange({ ...details, ...part });
  return (
    <div className={classes.form}>
      <TextField
        label={t('clusters.name')}
        description={nameError ?? t('register.nameRule')}
        value={details.name}
        onChange={name => set({ name })}
        isInvalid={nameError !== undefined}
        isRequired
        autoComplete="off"
      />
      <LabelEditor
        labels={details.labels}
        onChange={labels => set({ labels })}
        suggested={SUGGESTED}
      />
      <OwnerPicker
        owner={details.owner}
        onChange={owner => set({ owner })}
      />
      <Switch
        label={t('register.protect')}
        isSelected={details.protected}
        onChange={isProtected => set({ protected: isProtected })}
      />
      <p className={classes.quiet}>{t('register.protectExplain')}</p>
    </div>
  );
}
