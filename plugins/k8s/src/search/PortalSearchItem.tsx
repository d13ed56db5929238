import { Link } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type {
  ResultHighlight,
  SearchDocument,
} from '@backstage/plugin-search-common';
import { HighlightedSearchResultText } from '@backstage/plugin-search-react';
import ListItemIcon from '@material-ui/core/ListItemIcon';
import ListItemText from '@material-ui/core/ListItemText';
import type { ReactNode } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** What the index says of an object besides what every document has. */
interface PortalDocument extends SearchDocument {
  kind?: string;
  namespace?: string;
  cluster?: string;
}

/** An object of a cluster among the results of the portal's own search. */
export function PortalSearchItem(props: {
  icon?: ReactNode;
  result?: SearchDocument;
  highlight?: ResultHighlight;
}) {
  const { icon, highlight } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const result: PortalDocument | undefined = props.result;
  if (!result) return null;
  const { title, location, kind, namespace, cluster } = result;
  const marked = highlight?.fields.title;
  const place = [kind, namespace, cluster].filter(Boolean).join(' · ');
  return (
    <>
      {icon && <ListItemIcon>{icon}</ListItemIcon>}
      <ListItemText
        primaryTypographyProps={{ variant: 'h6' }}
        primary={
          <Link noTrack to={location}>
            {marked && highlight ? (
              <HighlightedSearchResultText
                text={marked}
                preTag={highlight.preTag}
                postTag={highlight.postTag}
              />
            ) : (
              title
            )}
          </Link>
        }
        secondary={place || t('search.what')}
      />
    </>
  );
}
