import { lazy } from 'react';
import type { ComponentType, LazyExoticComponent } from 'react';

/** A component of a module that is read when it is first shown. */
export function lazyPart<Name extends string, Props>(
  name: Name,
  load: () => Promise<Record<Name, ComponentType<Props>>>,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => {
    const { [name]: part } = await load();
    return { default: part };
  });
}
