import { Navigate, useLocation, useParams } from 'react-router-dom';
import { DEPLOYMENTS, useLinks } from '../routing/K8sLinks';

/** Leads on from where deployments were before all kinds had a table and a page: links to them are in mails and bookmarks. */
export function OldDeploymentAddress({ cluster }: { cluster: string }) {
  const { namespace, name } = useParams();
  const { search } = useLocation();
  const links = useLinks();
  const to =
    namespace && name
      ? links.deployment(cluster, { namespace, name })
      : links.kind(cluster, DEPLOYMENTS);
  return <Navigate to={to + search} replace />;
}
