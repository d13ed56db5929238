import { useDeployment } from '@backstage-k8s/plugin-k8s-react';
import { DeploymentActions } from '../deployments/DeploymentActions';
import { useSectionStyles } from '../pages/useSectionStyles';
import { ObjectActions } from './ObjectActions';
import type { ObjectTabProps } from './ObjectTabContent';

/** What a deployment's own actions do better. */
const OWN = ['scale', 'restart', 'rollback', 'delete'] as const;

/** What can be done with a deployment: its own actions, then what it has as a kind besides. */
export function DeploymentHeadActions(props: ObjectTabProps) {
  const { cluster, target } = props;
  const { namespace = '', name } = target;
  const classes = useSectionStyles();
  const { data } = useDeployment(cluster.id, { namespace, name });
  if (!data) return <ObjectActions {...props} />;
  return (
    <div className={classes.buttons}>
      <DeploymentActions detail={data} cluster={cluster} />
      <ObjectActions {...props} without={OWN} />
    </div>
  );
}
