import { createRouteRef } from '@backstage/frontend-plugin-api';

/** The page of all clusters, below which everything else is. @public */
export const rootRouteRef = createRouteRef();
