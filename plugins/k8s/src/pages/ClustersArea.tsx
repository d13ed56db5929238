import { Route, Routes } from 'react-router-dom';
import { ClusterPage } from '../cluster/ClusterPage';
import { ClustersPage } from '../clusters/ClustersPage';

/** Everything below `clusters`. */
export function ClustersArea() {
  return (
    <Routes>
      <Route index element={<ClustersPage />} />
      <Route path=":id/*" element={<ClusterPage />} />
    </Routes>
  );
}
