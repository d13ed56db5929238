import type { Kind } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton, Tab, TabList, TabPanel, Tabs } from '@backstage/ui';
import { QUIET_COLOR } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { ObjectForm } from './form/ObjectForm';
import type { JsonSchema } from './schema/JsonSchema';
import { useCreateView } from './useCreateView';
import type { CreateView } from './useCreateView';
import type { NewManifestState } from './useNewManifest';
import { YamlEditor } from './YamlEditor';

// The kit's own colour of a tab that is not chosen is too faint in the dark. Twice the class, since its style is loaded later.
const useStyles = makeStyles({
  tabs: {
    '&& [role="tab"]:not([aria-selected="true"])': { color: QUIET_COLOR },
  },
});

/** A new object as a form or as YAML: two views of one text. */
export function NewManifest(props: {
  cluster: string;
  kind: Kind;
  schema?: JsonSchema;
  isLoading: boolean;
  state: NewManifestState;
}) {
  const { cluster, kind, schema, isLoading, state } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const own = useStyles();
  const [view, setView] = useCreateView();
  const form = () => {
    if (isLoading) return <Skeleton height={320} />;
    if (!schema) return <p role="status">{t('form.noSchema')}</p>;
    if (!state.manifest) return <p role="alert">{t('form.unreadable')}</p>;
    return (
      <>
        {state.hasComments && (
          <p className={classes.quiet}>{t('form.commentsGo')}</p>
        )}
        <ObjectForm
          cluster={cluster}
          kind={kind}
          schema={schema}
          manifest={state.manifest}
          onChange={state.change}
          open={state.open}
          onOpen={state.setOpen}
          drafts={state.drafts}
          onDrafts={state.setDrafts}
          onBroken={state.setBroken}
        />
      </>
    );
  };
  return (
    <Tabs
      className={own.tabs}
      selectedKey={view}
      onSelectionChange={key => setView(key as CreateView)}
    >
      <TabList aria-label={t('form.views')}>
        <Tab id="form">{t('form.form')}</Tab>
        <Tab id="yaml">{t('form.yaml')}</Tab>
      </TabList>
      <TabPanel id="form">
        <div className={classes.form}>{form()}</div>
      </TabPanel>
      <TabPanel id="yaml">
        <div className={classes.form}>
          {isLoading ? (
            <Skeleton height={320} />
          ) : (
            <YamlEditor
              label={t('object.yamlOf', { name: kind.kind })}
              value={state.text}
              onChange={state.write}
              problems={state.problems}
              schema={schema}
              minHeight="240px"
              maxHeight="50vh"
            />
          )}
        </div>
      </TabPanel>
    </Tabs>
  );
}
