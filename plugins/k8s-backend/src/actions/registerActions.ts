import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { OperationCalls } from './OperationCalls';
import type { OperationCallsOptions } from './OperationCalls';
import { registerChangeActions } from './registerChangeActions';
import { registerReadActions } from './registerReadActions';

/** Offers the operations that assistants need in Backstage's actions registry; each runs as who calls it. */
export function registerActions(
  registry: ActionsRegistryService,
  options: OperationCallsOptions,
): void {
  const calls = new OperationCalls(options);
  registerReadActions(registry, calls);
  registerChangeActions(registry, calls);
}
