import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTypedText, useUrlState } from '@backstage-k8s/plugin-k8s-react';
import type { PodSelection } from './logSelection';

/** Lines of each container that are read where nothing else is chosen. */
export const TAIL_LINES = 1_000;
/** Lines of each container that are read of a time. */
const MOST_LINES = 10_000;

/** Something that is on or off. */
export interface LogSwitch {
  id: 'follow' | 'previous' | 'onlyMatches' | 'wrap' | 'times' | 'unfold';
  isOn: boolean;
  turn: (isOn: boolean) => void;
  isDisabled?: boolean;
}

/** What is chosen; it lives in the page's address. */
export interface LogChoices {
  /** As it is typed. */
  search: string;
  setSearch: (search: string) => void;
  container: string;
  /** Seconds, as text. */
  since: string;
  set: Record<'container' | 'since', (value: string) => void>;
  switches: LogSwitch[];
  isOn: (id: LogSwitch['id']) => boolean;
}

/** A switch that is off, or on, where the address says nothing. */
function useSwitch(
  id: LogSwitch['id'],
  name: string,
  byDefault = false,
): LogSwitch {
  const [value, set] = useUrlState(name);
  const isOn = value === '' ? byDefault : value === 'on';
  const turn = (on: boolean) => {
    const named = on ? 'on' : 'off';
    set(on === byDefault ? '' : named);
  };
  return { id, isOn, turn };
}

/** What is chosen of the logs. */
export function useLogChoices(): LogChoices {
  const [passed, pass] = useUrlState('find');
  const [search, setSearch] = useTypedText(passed, pass);
  const [container, setContainer] = useUrlState('container');
  const [since, setSince] = useUrlState('since');
  const previous = useSwitch('previous', 'previous');
  const follow = useSwitch('follow', 'follow', true);
  const switches = [
    // What ended before the restart gets no more lines.
    {
      ...follow,
      isOn: follow.isOn && !previous.isOn,
      isDisabled: previous.isOn,
    },
    previous,
    useSwitch('onlyMatches', 'matches'),
    useSwitch('wrap', 'wrap'),
    useSwitch('times', 'times'),
    useSwitch('unfold', 'json'),
  ];
  return {
    ...{ search, setSearch, container, since, switches },
    set: { container: setContainer, since: setSince },
    isOn: id => switches.some(one => one.id === id && one.isOn),
  };
}

/** The request for what is chosen. */
export function requestOf(
  choices: LogChoices,
  place: { namespace: string; selection: PodSelection },
): Schema<'LogRequest'> {
  const { container, since, isOn } = choices;
  const { namespace, selection } = place;
  const seconds = Number(since);
  const isTime = Number.isInteger(seconds) && seconds > 0;
  return {
    namespace,
    ...('pods' in selection
      ? { pods: [...selection.pods] }
      : { labelSelector: selection.selector }),
    ...(container && { container }),
    follow: isOn('follow'),
    previous: isOn('previous'),
    ...(isTime && { sinceSeconds: seconds }),
    tailLines: isTime ? MOST_LINES : TAIL_LINES,
  };
}
