import type { Kind } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { ResourceRef } from '@backstage-k8s/plugin-k8s-react';
import { Fragment } from 'react';
import { Link } from 'react-router-dom';
import type { ClusterDetail } from '../cluster/ClusterDetail';
import { useSectionStyles } from '../pages/useSectionStyles';
import { placeOf } from '../resources/kindPlaces';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** Where an object is: its cluster, its tab, its kind, its namespace, each a link. */
export function ObjectPath(props: {
  cluster: ClusterDetail;
  /** Undefined: not read yet. */
  kind?: Kind;
  target: ResourceRef;
}) {
  const { cluster, kind, target } = props;
  const { group, plural, namespace } = target;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const links = useLinks();
  const place = kind && placeOf(kind);
  const isNamespace = group === '' && plural === 'namespaces';
  const steps: [words: string, link?: string][] = [
    [cluster.name, links.cluster(cluster.id)],
  ];
  if (place) {
    const type = { place, group, plural };
    steps.push(
      [t(`cluster.tabs.${place}`), links.cluster(cluster.id, place)],
      [kind.kind, links.kind(cluster.id, type)],
    );
    if (namespace) {
      steps.push([namespace, links.kind(cluster.id, { ...type, namespace })]);
    }
  } else if (kind) {
    const tab = isNamespace ? 'namespaces' : 'events';
    steps.push([t(`cluster.tabs.${tab}`), links.cluster(cluster.id, tab)]);
    if (namespace) steps.push([namespace]);
  }
  return (
    <nav aria-label={t('deployments.path')} className={classes.buttons}>
      {steps.map(([words, link], index) => (
        // One word may be there twice, e.g. a namespace that is called as its cluster.
        // eslint-disable-next-line react/no-array-index-key
        <Fragment key={index}>
          {index > 0 && <span aria-hidden>/</span>}
          {link ? <Link to={link}>{words}</Link> : <span>{words}</span>}
        </Fragment>
      ))}
    </nav>
  );
}
