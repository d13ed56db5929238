import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Switch } from '@backstage/ui';
import {
  GuardedButton,
  useGuard,
  useKindSchema,
} from '@backstage-k8s/plugin-k8s-react';
import { useMemo, useState } from 'react';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { ApplyDialog } from './ApplyDialog';
import {
  apiVersionOf,
  editableManifest,
  toYaml,
  wholeManifest,
} from './manifest';
import type { Manifest } from './manifest';
import { ownersOfLines } from './lineOwners';
import { actionReviews } from './objectActions';
import type { ObjectTabProps } from './ObjectTabContent';
import { asJsonSchema } from './schema/JsonSchema';
import { useManifestText } from './useManifestText';
import { YamlEditor } from './YamlEditor';

const HEIGHT = 'calc(100vh - 290px)';
const isSecret = ({ group, plural }: { group: string; plural: string }) =>
  group === '' && plural === 'secrets';

/** What is being edited: a version of the object, and what was made of it. */
interface Draft {
  before: Manifest;
  resourceVersion?: string;
  text: string;
}

/** The YAML of an object, edited in place; what an edit would do is shown before it is done. */
export function ObjectYaml(props: ObjectTabProps) {
  const { cluster, kind, target, detail } = props;
  const { object, isGone, row } = detail;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [isWhole, setWhole] = useState(false);
  const [draft, setDraft] = useState<Draft>();
  const [applied, setApplied] = useState<Manifest>();
  const reviews = actionReviews('yaml', target);
  const guard = useGuard(reviews);
  const schemaQuery = useKindSchema(cluster.id, kind);
  const schema = schemaQuery.data && asJsonSchema(schemaQuery.data);
  const current = useMemo<Draft>(() => {
    const before = editableManifest(object, kind);
    const { resourceVersion } = object.metadata;
    return { before, resourceVersion, text: toYaml(before) };
  }, [object, kind]);
  const whole = useMemo(
    () => (isWhole ? toYaml(wholeManifest(object, kind)) : ''),
    [object, kind, isWhole],
  );
  const { before, resourceVersion, text } = draft ?? current;
  const isEdited = draft !== undefined && draft.text !== toYaml(draft.before);
  const isOutdated =
    isEdited && draft.resourceVersion !== object.metadata.resourceVersion;
  const canEdit =
    guard.allowed && !isGone && !row.deleting && kind.verbs.includes('patch');
  const { manifest, problems } = useManifestText(text, {
    expected: {
      apiVersion: before.apiVersion || apiVersionOf(kind),
      kind: before.kind,
      name: target.name,
      ...(target.namespace && { namespace: target.namespace }),
    },
    schema,
  });
  const owners = useMemo(
    () => ownersOfLines(text, detail.owners),
    [text, detail.owners],
  );
  const edit = (next: string) =>
    setDraft({ ...(draft ?? current), text: next });
  return (
    <div className={classes.stack}>
      {isOutdated && (
        <Alert
          role="status"
          status="warning"
          icon
          title={t('object.outdated')}
          description={t('object.outdatedText')}
          customActions={
            <Button
              size="small"
              variant="secondary"
              onPress={() => setDraft(undefined)}
            >
              {t('object.discard')}
            </Button>
          }
        />
      )}
      {isSecret(target) && (
        <p className={classes.quiet}>{t('object.secretValues')}</p>
      )}
      <div className={classes.buttons}>
        <GuardedButton
          size="small"
          variant="primary"
          reviews={reviews}
          unavailable={
            (isGone && t('object.goneText')) ||
            (row.deleting && t('object.beingDeleted')) ||
            (!isEdited && t('object.unchanged')) ||
            (!manifest && t('object.unreadable')) ||
            undefined
          }
          onPress={() => setApplied(manifest)}
        >
          {t('object.review')}
        </GuardedButton>
        <Button
          size="small"
          variant="secondary"
          isDisabled={!isEdited}
          onPress={() => setDraft(undefined)}
        >
          {t('object.discard')}
        </Button>
        <Switch
          label={t('object.whole')}
          isSelected={isWhole}
          onChange={setWhole}
        />
        {!isWhole && canEdit && problems.length > 0 && (
          <span role="status">
            {t('object.problemCount', {
              count: problems.length,
              line: String(text.slice(0, problems[0].from).split('\n').length),
            })}{' '}
            {problems[0].message}
          </span>
        )}
        {!isWhole && owners.size > 0 && (
          <span className={classes.quiet}>{t('object.ownersInMargin')}</span>
        )}
        {schemaQuery.error && (
          <span className={classes.quiet}>{t('object.noSchema')}</span>
        )}
      </div>
      {isWhole ? (
        <YamlEditor
          key="whole"
          label={t('object.yamlOf', { name: target.name })}
          value={whole}
          maxHeight={HEIGHT}
          readOnly
        />
      ) : (
        <YamlEditor
          key={canEdit ? 'edit' : 'read'}
          label={t('object.yamlOf', { name: target.name })}
          value={text}
          onChange={edit}
          problems={problems}
          schema={schema}
          owners={owners}
          maxHeight={HEIGHT}
          minHeight="200px"
          readOnly={!canEdit}
        />
      )}
      {applied && (
        <ApplyDialog
          cluster={cluster}
          kind={kind}
          target={target}
          before={before}
          manifest={applied}
          resourceVersion={resourceVersion}
          patchOnly={isSecret(target)}
          onApplied={() => setDraft(undefined)}
          onClose={() => setApplied(undefined)}
        />
      )}
    </div>
  );
}
