import { PluginHeader } from '@backstage/ui';
import { Navigate, Route, Routes } from 'react-router-dom';
import { ChangesPage } from '../audit/ChangesPage';
import { CachePage } from '../cache/CachePage';
import { ClustersArea } from '../pages/ClustersArea';
import { RegisterPage } from '../register/RegisterPage';
import { useLinks } from '../routing/K8sLinks';
import { KubernetesIcon } from '../routing/KubernetesIcon';
import { SearchBox } from '../search/SearchBox';
import { SearchPage } from '../search/SearchPage';
import { LegacyRoot } from './LegacyRoot';

/** What the new front-end system's layout puts around the pages. */
function Heading() {
  const links = useLinks();
  return (
    <PluginHeader
      title="Kubernetes"
      icon={<KubernetesIcon />}
      titleLink={links.root}
      customActions={<SearchBox />}
      tabs={[
        {
          id: 'clusters',
          label: 'Clusters',
          href: links.clusters,
          matchStrategy: 'prefix',
        },
        {
          id: 'changes',
          label: 'Changes',
          href: links.changes,
          matchStrategy: 'prefix',
        },
      ]}
    />
  );
}

/** All pages below where the plugin is mounted. */
export function LegacyPages() {
  return (
    <LegacyRoot>
      <Heading />
      <Routes>
        <Route index element={<Navigate to="clusters" replace />} />
        <Route path="clusters/*" element={<ClustersArea />} />
        <Route path="changes" element={<ChangesPage />} />
        <Route path="register" element={<RegisterPage />} />
        <Route path="cache" element={<CachePage />} />
        <Route path="search" element={<SearchPage />} />
      </Routes>
    </LegacyRoot>
  );
}
