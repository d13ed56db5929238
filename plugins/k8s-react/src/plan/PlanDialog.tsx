import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Switch,
} from '@backstage/ui';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { k8sApiRef } from '../api/K8sApi';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import { PlanCheck } from './PlanCheck';
import type { PlanFindings } from './PlanCheck';
import { PlanOutcome } from './PlanOutcome';
import { PlanSteps } from './PlanSteps';
import { PlanTarget } from './PlanTarget';
import type { PlannedChange } from './PlannedChange';
import { useFocusOnNext } from './useFocusOnNext';
import { usePlanRun } from './usePlanRun';
import { usePlanStyles } from './usePlanStyles';

const WIDTH = 760;
/** Two columns of fields beside each other. */
const WIDE = 1080;

/** Leads through a change: what, what it would do, confirm, how it went. The same for every change. @public */
export function PlanDialog(props: {
  change: PlannedChange;
  onClose: () => void;
}) {
  const { change, onClose } = props;
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const api = useApi(k8sApiRef);
  const classes = usePlanStyles();
  const [isFilled, setFilled] = useState(!change.form);
  const [typed, setTyped] = useState('');
  const { everywhere } = change;
  const [isAsked, setEverywhere] = useState(everywhere?.isChosen ?? false);
  const isEverywhere = isAsked && everywhere !== undefined;
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const { title, target, input } = change;
  const { cluster, namespace, name } = target;
  const run = usePlanRun(change);
  const plan = useQuery<PlanFindings>({
    // By what it is about, not by how that is just now: a cluster that was seen again is the same one.
    queryKey: [
      ...['k8s', 'plan', title, cluster.id, namespace, name],
      ...[input, isEverywhere],
    ],
    queryFn: async () =>
      isEverywhere
        ? { many: await everywhere.dryRun(api) }
        : { one: await change.dryRun?.(api) },
    enabled: isFilled && run.isIdle,
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  });

  const ticked = plan.data?.many?.items
    .map(item => item.cluster)
    .filter(({ id }) => !leftOut.has(id));
  // What was confirmed stays, whatever becomes of the plan: trying again must not reach for another cluster.
  const [confirmed, setConfirmed] = useState<typeof ticked>();
  const clusters = run.isIdle ? ticked : confirmed;

  const isTypingAsked =
    change.destructive ||
    (clusters
      ? clusters.some(({ id }) => everywhere?.isProtected(id))
      : cluster.protected);
  const step = run.isIdle ? Number(isFilled) : 2;
  const isReady =
    plan.isSuccess &&
    !change.blocked &&
    clusters?.length !== 0 &&
    (!isTypingAsked || typed === name);
  const form = useFocusOnNext(`${step} ${plan.status} ${run.status}`);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!isFilled) {
      setFilled(true);
      return;
    }
    setConfirmed(clusters);
    run.mutate(clusters?.map(({ id }) => id));
  };
  return (
    <Dialog
      isOpen
      onOpenChange={isOpen => !isOpen && onClose()}
      isDismissable={run.isIdle && !isFilled}
      width={change.isWide ? WIDE : WIDTH}
    >
      <form ref={form} className={classes.form} onSubmit={onSubmit} noValidate>
        <DialogHeader>{change.title}</DialogHeader>
        <DialogBody>
          <PlanSteps step={step} isDone={run.isSuccess || run.isError} />
          <PlanTarget target={target} isEverywhere={isEverywhere} />
          {!isFilled && change.form}
          {isFilled && run.isIdle && (
            <PlanCheck
              change={change}
              plan={plan}
              leftOut={leftOut}
              onLeaveOut={setLeftOut}
              typed={isTypingAsked ? typed : undefined}
              onType={setTyped}
            />
          )}
          {everywhere && run.isIdle && (
            <div className={classes.everywhere}>
              <Switch
                label={t('plan.everywhere')}
                isSelected={isEverywhere}
                onChange={setEverywhere}
              />
            </div>
          )}
          {!run.isIdle && (
            <PlanOutcome change={change} run={run} clusters={clusters} />
          )}
        </DialogBody>
        <DialogFooter>
          {!isFilled && change.incomplete && (
            <span className={classes.hint}>{change.incomplete}</span>
          )}
          {!isFilled && (
            <Button
              type="submit"
              variant="primary"
              isDisabled={Boolean(change.incomplete)}
            >
              {t('plan.next')}
            </Button>
          )}
          {isFilled && run.isIdle && (
            <Button
              // White on the kit's red is too faint in the dark; its secondary red is not.
              variant={change.destructive ? 'secondary' : 'primary'}
              destructive={change.destructive}
              type="submit"
              isDisabled={!isReady}
            >
              {change.verb}
            </Button>
          )}
          {isFilled && run.isIdle && change.form && (
            <Button variant="secondary" onPress={() => setFilled(false)}>
              {t('plan.back')}
            </Button>
          )}
          {isFilled && run.isIdle && plan.isError && (
            <Button variant="secondary" onPress={() => plan.refetch()}>
              {t('plan.recheck')}
            </Button>
          )}
          {run.isError && (
            <Button type="submit" variant="primary">
              {t('plan.retry')}
            </Button>
          )}
          {run.isError && (
            <Button
              variant="secondary"
              onPress={() => {
                run.reset();
                setConfirmed(undefined);
                setFilled(!change.form);
                plan.refetch();
              }}
            >
              {t('plan.recheck')}
            </Button>
          )}
          <Button variant="secondary" onPress={onClose}>
            {run.isIdle ? t('plan.cancel') : t('plan.close')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
