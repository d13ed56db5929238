import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ErrorPanel } from '@backstage-k8s/plugin-k8s-react';
import { Component, lazy, Suspense, useEffect, useState } from 'react';
import type { ComponentType, ReactNode } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { LoadingBlock } from './LoadingBlock';

/** Milliseconds after which parts that are one click away are read ahead. */
const AHEAD_MS = 2_000;

/** A part of a page that is read when it is first shown. */
export interface LazyPart<Props> {
  (props: Props): ReactNode;
  /** Reads it now. What fails is tried again when it is shown. */
  load(): void;
}

class NotLoadedError extends Error {}

function NotLoaded({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const error = new Error(t('common.partFailed'));
  return <ErrorPanel error={error} what={t('common.part')} onRetry={onRetry} />;
}

interface BoundaryProps {
  onRetry: () => void;
  children: ReactNode;
}

/** Keeps the rest of the page when a part cannot be loaded; other errors are not its business. */
class LoadBoundary extends Component<BoundaryProps, { error?: unknown }> {
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override state: { error?: unknown } = {};

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    if (!(error instanceof NotLoadedError)) throw error;
    const onRetry = () => {
      this.props.onRetry();
      this.setState({ error: undefined });
    };
    return <NotLoaded onRetry={onRetry} />;
  }
}

/**
 * A component of a module that is read when it is first shown: where it cannot be, as after an update of the portal, that is said in
 * its place.
 *
 * @param options - `waiting`: what is shown meanwhile
 */
export function lazyPart<Name extends string, Props extends object>(
  name: Name,
  load: () => Promise<Record<Name, ComponentType<Props>>>,
  { waiting = <LoadingBlock /> }: { waiting?: ReactNode } = {},
): LazyPart<Props> {
  // React's types cannot tell that any properties are without a ref.
  const begin = () =>
    lazy(async () => {
      try {
        const part: ComponentType<Props> = (await load())[name];
        return { default: part };
      } catch (error) {
        throw new NotLoadedError(String(error));
      }
    }) as ComponentType<unknown> as ComponentType<Props>;
  // It remembers a failure for good: whoever tries again needs another.
  let shared = begin();
  function Part(props: Props) {
    const [Current, setCurrent] = useState(() => shared);
    const onRetry = () => {
      shared = begin();
      setCurrent(() => shared);
    };
    return (
      <LoadBoundary onRetry={onRetry}>
        <Suspense fallback={waiting}>
          <Current {...props} />
        </Suspense>
      </LoadBoundary>
    );
  }
  return Object.assign(Part, {
    load: () => {
      load().catch(() => undefined);
    },
  });
}

/** Reads parts ahead that are one click away, when the page has had time for itself. @param parts - always the same */
export function useReadAhead(parts: readonly Pick<LazyPart<never>, 'load'>[]) {
  useEffect(() => {
    const timer = setTimeout(
      () => parts.forEach(part => part.load()),
      AHEAD_MS,
    );
    return () => clearTimeout(timer);
  }, [parts]);
}
