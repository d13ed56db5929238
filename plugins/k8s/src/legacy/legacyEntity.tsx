import type { ComponentType } from 'react';
import { ClusterCard } from '../entity/ClusterCard';
import { ClusterTab } from '../entity/ClusterTab';
import { ServiceCard } from '../entity/ServiceCard';
import { ServiceTab } from '../entity/ServiceTab';
import { LegacyRoot } from './LegacyRoot';

function rooted(Component: ComponentType) {
  return function Rooted() {
    return (
      <LegacyRoot>
        <Component />
      </LegacyRoot>
    );
  };
}

/** A service's tab. */
export const LegacyServiceTab = rooted(ServiceTab);
/** A service's card. */
export const LegacyServiceCard = rooted(ServiceCard);
/** A cluster's tab. */
export const LegacyClusterTab = rooted(ClusterTab);
/** A cluster's card. */
export const LegacyClusterCard = rooted(ClusterCard);
