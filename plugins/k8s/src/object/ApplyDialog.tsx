import { FIELD_MANAGER } from '@backstage-k8s/plugin-k8s-common';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Checkbox } from '@backstage/ui';
import {
  PlanDialog,
  resourcePath,
  unwrap,
} from '@backstage-k8s/plugin-k8s-react';
import { useState } from 'react';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { leftOver, mergePatch } from './manifest';
import type { Manifest } from './manifest';
import { OBJECT_ROUTE, objectKeys, objectTarget } from './objectChanges';
import type { ObjectDialogProps } from './objectChanges';

/** What the dry run found that has to be decided. */
interface Findings {
  conflicts: readonly Schema<'FieldConflict'>[];
  /** Paths that were taken out and would stay. */
  left: readonly string[];
}

const NOTHING: Findings = { conflicts: [], left: [] };

function FieldList(props: {
  fields: readonly { path: string; owner?: string }[];
}) {
  return (
    <ul>
      {props.fields.map(({ path, owner }) => (
        <li key={`${path} ${owner}`}>
          <code>{path}</code>
          {owner && ` – ${owner}`}
        </li>
      ))}
    </ul>
  );
}

/**
 * Applies an edited manifest. Fields that others own are taken over only when that is chosen; fields that were taken out but
 * that others have set go only when that is chosen: then it is a patch, since an apply removes only what is ours.
 */
export function ApplyDialog(
  props: ObjectDialogProps & {
    /** As the editing began, as edited. */
    before: Manifest;
    manifest: Manifest;
    /** The version that was edited: a change in between is not overwritten. */
    resourceVersion?: string;
    /** Only what differs is sent: of the rest not all is known, as of a Secret's values. */
    patchOnly?: boolean;
    onApplied: () => void;
  },
) {
  const { target, before, manifest, resourceVersion, onClose } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [force, setForce] = useState(false);
  const [isPatch, setPatch] = useState(props.patchOnly ?? false);
  const [findings, setFindings] = useState(NOTHING);
  const { conflicts, left } = findings;
  // What the portal itself set by a patch counts as another's too: nobody has to be asked for that.
  const foreign = conflicts.filter(({ owner }) => owner !== FIELD_MANAGER);
  const isForced = force || (conflicts.length > 0 && foreign.length === 0);
  const path = resourcePath(target);
  const { metadata } = manifest;
  const apply = {
    manifest: { ...manifest, metadata: { ...metadata, resourceVersion } },
    ...(isForced && { force: true }),
  };
  const patch = { patch: mergePatch(before, manifest), resourceVersion };
  const beside = (
    <>
      {foreign.length > 0 && (
        <Alert
          status="warning"
          icon
          title={t('object.conflicts')}
          description={<FieldList fields={foreign} />}
        />
      )}
      {foreign.length > 0 && (
        <Checkbox isSelected={force} onChange={setForce}>
          {t('object.force')}
        </Checkbox>
      )}
      {left.length > 0 && (
        <Alert
          status="warning"
          icon
          title={t('object.left')}
          description={<FieldList fields={left.map(one => ({ path: one }))} />}
        />
      )}
      {left.length > 0 && (
        <Checkbox isSelected={isPatch} onChange={setPatch}>
          {t('object.removeLeft')}
        </Checkbox>
      )}
    </>
  );
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: t('object.titles.apply', { name: target.name }),
        verb: t('object.apply'),
        target: objectTarget(props),
        input: isPatch ? patch : apply,
        beside: <div className={classes.form}>{beside}</div>,
        blocked: foreign.length > 0 && !force && !isPatch,
        dryRun: async ({ client }) => {
          if (isPatch) {
            const params = { path, query: { dryRun: true } };
            return unwrap(
              await client.PATCH(OBJECT_ROUTE, { params, body: patch }),
            ).plan;
          }
          const change = unwrap(
            await client.PUT(OBJECT_ROUTE, {
              params: { path, query: { dryRun: true } },
              body: apply,
            }),
          );
          const planned = change.plan?.after;
          setFindings(known => ({
            // With force there are none any more; the choice stays to be seen.
            conflicts: isForced ? known.conflicts : change.conflicts ?? [],
            left: planned
              ? leftOver({ before, edited: manifest, planned })
              : [],
          }));
          return change.plan;
        },
        run: async ({ client }, { idempotencyKey }) => {
          const params = {
            path,
            header: { 'Idempotency-Key': idempotencyKey },
          };
          unwrap(
            isPatch
              ? await client.PATCH(OBJECT_ROUTE, { params, body: patch })
              : await client.PUT(OBJECT_ROUTE, { params, body: apply }),
          );
          props.onApplied();
          return { status: 'done' };
        },
        changes: objectKeys(target),
      }}
    />
  );
}
