import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import { ErrorPanel, k8sApiRef, unwrap } from '@backstage-k8s/plugin-k8s-react';
import { useMemo, useState } from 'react';
import { downloadText } from '../pages/downloadText';
import { LoadingBlock } from '../pages/LoadingBlock';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { holds } from './lineParts';
import { LogBar } from './LogBar';
import { LogLines } from './LogLines';
import { LogNotes } from './LogNotes';
import type { PodSelection } from './logSelection';
import { requestOf, useLogChoices } from './useLogChoices';
import { useLogStream } from './useLogStream';
import type { LogState } from './useLogStream';
import { useLogStyles } from './useLogStyles';

/** Whose logs. */
export interface LogsPanelProps {
  cluster: { id: string; name: string };
  namespace: string;
  /** What the logs are of, e.g. the name of the deployment. */
  name: string;
  selection: PodSelection;
  /** Containers to choose from. */
  containers?: readonly string[];
}

/** Saves the logs: all that one container has written, else what is on the page. */
function DownloadButton(
  props: LogsPanelProps & {
    request: Schema<'LogRequest'>;
    state: LogState;
  },
) {
  const { cluster, namespace, name, selection, request, state } = props;
  const api = useApi(k8sApiRef);
  const { t } = useTranslationRef(k8sTranslationRef);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const [only, ...others] = 'pods' in selection ? selection.pods : [];
  const whole = async (pod: string) => {
    const { container, previous, sinceSeconds } = request;
    const answer = await api.client.GET(
      '/clusters/{id}/namespaces/{namespace}/pods/{name}/logs',
      {
        params: {
          path: { id: cluster.id, namespace, name: pod },
          query: { container, previous, sinceSeconds, download: true },
        },
        parseAs: 'text',
      },
    );
    return unwrap(answer) as unknown as string;
  };
  const seen = () =>
    state.lines
      .map(({ at = '', pod, text }) => `${at} ${pod} ${text}\n`)
      .join('');
  const save = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const isOne = only !== undefined && others.length === 0;
      const text = isOne ? await whole(only) : seen();
      downloadText(text, { name: `${name}.log`, type: 'text/plain' });
    } catch (thrown) {
      setError(thrown as Error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        size="small"
        variant="secondary"
        isDisabled={isBusy}
        onPress={() => save()}
      >
        {t(isBusy ? 'logs.downloading' : 'logs.download')}
      </Button>
      {error && (
        <Alert role="alert" status="danger" icon title={error.message} />
      )}
    </>
  );
}

/** What the containers of pods write: several pods in one list, as it comes, searched, unfolded, saved. */
export function LogsPanel(props: LogsPanelProps) {
  const { cluster, namespace, name, selection, containers = [] } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useLogStyles();
  const choices = useLogChoices();
  const { search, isOn } = choices;
  const request = requestOf(choices, { namespace, selection });
  const state = useLogStream(cluster.id, request);
  const { lines, error, isOpen, again } = state;
  const matching = useMemo(
    () => (search ? lines.filter(({ text }) => holds(text, search)) : lines),
    [lines, search],
  );
  const isNarrowed = isOn('onlyMatches') && search !== '';
  const [wraps, showsTimes] = [isOn('wrap'), isOn('times')];
  const unfoldsAll = isOn('unfold');
  const view = useMemo(
    () => ({ search, wraps, showsTimes, unfoldsAll }),
    [search, wraps, showsTimes, unfoldsAll],
  );
  const shown = isNarrowed ? matching : lines;
  return (
    <section className={classes.root} aria-label={t('logs.label', { name })}>
      <div className={classes.bar}>
        <LogBar choices={choices} containers={containers} />
        <DownloadButton {...props} request={request} state={state} />
        <span className={classes.count} role="status">
          {search
            ? t('logs.matches', {
                amount: matching.length.toLocaleString(),
                total: lines.length.toLocaleString(),
              })
            : t('logs.lines', { total: lines.length.toLocaleString() })}
        </span>
      </div>
      {error && (
        <ErrorPanel
          error={error}
          what={t('logs.what')}
          cluster={cluster.name}
          onRetry={again}
        />
      )}
      {!isOpen && !error && <LoadingBlock />}
      {isOpen && (
        <LogNotes
          state={state}
          isNarrowed={isNarrowed}
          isEmpty={shown.length === 0}
          onAgain={again}
        />
      )}
      {shown.length > 0 && (
        <LogLines
          label={t('logs.label', { name })}
          lines={shown}
          pods={state.pods}
          view={view}
        />
      )}
    </section>
  );
}
