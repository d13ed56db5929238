import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { CopyableText, QUIET_COLOR } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** Characters of a value that are shown at first. */
const SHORT = 200;
/** Entries that are shown at first. */
const FEW = 12;

const useStyles = makeStyles({
  list: {
    display: 'grid',
    gridTemplateColumns: 'fit-content(45%) minmax(0, 1fr)',
    gap: '2px var(--bui-space-4)',
    margin: 0,
    fontSize: 13,
    lineHeight: '20px',
    '& dt': { color: QUIET_COLOR, overflowWrap: 'anywhere' },
    '& dd': { margin: 0, minWidth: 0 },
    '@media (max-width: 700px)': {
      gridTemplateColumns: 'minmax(0, 1fr)',
      '& dd': { marginBottom: 6 },
    },
  },
});

/** Labels, annotations and the like: texts of others, shown as texts and nothing else, long ones shortened, all to be copied. */
export function TextEntries(props: {
  entries: Readonly<Record<string, string>>;
}) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const [isWhole, setWhole] = useState(false);
  const all = Object.entries(props.entries).map(
    ([key, value]) => [key, String(value)] as const,
  );
  const isCut =
    all.length > FEW || all.some(([, value]) => value.length > SHORT);
  const shown = isWhole ? all : all.slice(0, FEW);
  return (
    <>
      <dl className={classes.list}>
        {shown.map(([key, value]) => [
          <dt key={`${key} key`}>{key}</dt>,
          <dd key={key}>
            <CopyableText text={value} what={key}>
              {isWhole || value.length <= SHORT
                ? value
                : `${value.slice(0, SHORT)}…`}
            </CopyableText>
          </dd>,
        ])}
      </dl>
      {isCut && !isWhole && (
        <Button size="small" variant="tertiary" onPress={() => setWhole(true)}>
          {t('object.showAll', { amount: String(all.length) })}
        </Button>
      )}
    </>
  );
}
