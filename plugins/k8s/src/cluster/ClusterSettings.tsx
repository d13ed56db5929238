import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  CopyableText,
  GuardedButton,
  QUIET_COLOR,
  RelativeTime,
} from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router-dom';
import { LabelList } from '../pages/LabelList';
import { Section } from '../pages/Section';
import { useSectionStyles } from '../pages/useSectionStyles';
import { useLocalizedText } from '../register/useLocalizedText';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ClusterDetail } from './ClusterDetail';
import { DeleteClusterDialog } from './DeleteClusterDialog';
import { EditClusterDialog } from './EditClusterDialog';
import { ReplaceCredentialDialog } from './ReplaceCredentialDialog';

const useStyles = makeStyles({
  list: {
    display: 'grid',
    // The same in each section, so that their values are below each other.
    gridTemplateColumns: '150px minmax(0, 1fr)',
    gap: 'var(--bui-space-2) var(--bui-space-5)',
    margin: '0 0 var(--bui-space-3)',
    '& dt': { color: QUIET_COLOR },
    '& dd': { margin: 0, minWidth: 0, overflowWrap: 'anywhere' },
    '@media (max-width: 700px)': {
      gridTemplateColumns: '110px minmax(0, 1fr)',
    },
  },
});

function Facts({ facts }: { facts: readonly [string, ReactNode][] }) {
  const classes = useStyles();
  return (
    <dl className={classes.list}>
      {facts.map(([term, value]) => [
        <dt key={`${term} term`}>{term}</dt>,
        <dd key={term}>{value}</dd>,
      ])}
    </dl>
  );
}

/** How the portal signs in to a cluster: ours in words of ours, others as the module that adds them calls them. */
function SignIn({ way }: { way: ClusterDetail['authentication'] }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const textOf = useLocalizedText();
  const { type, title } = way;
  if (type === 'token' || type === 'clientCertificate') {
    return <>{t(`settings.types.${type}`)}</>;
  }
  // Its id where its module is gone.
  return <>{title ? textOf(title) : type}</>;
}

/** What is kept of a cluster, and where it is changed, given a new credential, and removed. */
export function ClusterSettings({ cluster }: { cluster: ClusterDetail }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const links = useLinks();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'edit' | 'credential' | 'delete'>();
  const close = () => setOpen(undefined);
  const update = [{ action: 'cluster.update' as const, cluster: cluster.id }];
  const { authentication } = cluster;
  return (
    <div className={classes.stack}>
      <Section title={t('settings.registration')}>
        <Facts
          facts={[
            [t('clusters.name'), cluster.name],
            [t('settings.id'), <CopyableText text={cluster.id} />],
            [t('clusters.groups'), <LabelList labels={cluster.labels} wrap />],
            [
              t('clusters.owner'),
              cluster.owner ? (
                <EntityRefLink entityRef={cluster.owner} />
              ) : (
                t('settings.nobody')
              ),
            ],
            [
              t('cluster.protection'),
              cluster.protected ? t('settings.protected') : t('cluster.none'),
            ],
            [
              t('settings.entity'),
              cluster.entityRef && (
                <EntityRefLink entityRef={cluster.entityRef} />
              ),
            ],
            [t('settings.since'), <RelativeTime at={cluster.createdAt} />],
          ]}
        />
        <GuardedButton
          size="small"
          variant="secondary"
          reviews={update}
          onPress={() => setOpen('edit')}
        >
          {t('settings.edit')}
        </GuardedButton>
      </Section>
      <Section title={t('settings.access')}>
        <Facts
          facts={[
            [t('settings.server'), <CopyableText text={cluster.server} />],
            [t('settings.signIn'), <SignIn way={authentication} />],
            [t('settings.user'), authentication.user ?? '–'],
            [
              t('settings.expires'),
              authentication.expiresAt ? (
                <RelativeTime at={authentication.expiresAt} />
              ) : (
                t('settings.neverExpires')
              ),
            ],
          ]}
        />
        <GuardedButton
          size="small"
          variant="secondary"
          reviews={update}
          onPress={() => setOpen('credential')}
        >
          {t('settings.replace')}
        </GuardedButton>
      </Section>
      <Section title={t('cache.title')}>
        <p className={classes.quiet}>{t('cache.ofCluster')}</p>
        <GuardedButton
          size="small"
          variant="secondary"
          reviews={update}
          onPress={() => navigate(links.cache(cluster.id))}
        >
          {t('cache.open')}
        </GuardedButton>
      </Section>
      <Section title={t('settings.remove')}>
        <p className={classes.quiet}>{t('settings.removeText')}</p>
        <GuardedButton
          size="small"
          variant="secondary"
          reviews={[{ action: 'cluster.delete', cluster: cluster.id }]}
          onPress={() => setOpen('delete')}
        >
          {t('settings.remove')}
        </GuardedButton>
      </Section>
      {open === 'edit' && (
        <EditClusterDialog cluster={cluster} onClose={close} />
      )}
      {open === 'credential' && (
        <ReplaceCredentialDialog cluster={cluster} onClose={close} />
      )}
      {open === 'delete' && (
        <DeleteClusterDialog cluster={cluster} onClose={close} />
      )}
    </div>
  );
}
