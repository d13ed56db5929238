import type { BenchPortal } from '../portal/BenchPortal.ts';
import type { ApiServer } from '../rig/ApiServer.ts';
import type { Fleet } from '../rig/Fleet.ts';
import type { Size } from '../sizes.ts';

/** What measures something: rows of the table of goals, on what is running. */
export interface Work<Around> {
  /** Of the rows that it fills, e.g. `W4`; `--only` names them. */
  ids: readonly string[];
  run(around: Around): Promise<import('../Figure.ts').Figure[]>;
}

/** One API server, registered in the portal. */
export interface OneCluster {
  size: Size;
  server: ApiServer;
  portal: BenchPortal;
  /** Id in the portal. */
  cluster: string;
}

/** Many clusters, some or all of them registered. */
export interface ManyClusters {
  size: Size;
  fleet: Fleet;
  portal: BenchPortal;
  /** How many of the fleet, from the first, both subjects know. */
  known: number;
}
