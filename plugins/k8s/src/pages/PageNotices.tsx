import {
  AccessBanner,
  KeyboardHelp,
  StreamBanner,
} from '@backstage-k8s/plugin-k8s-react';

/** What each page has at its top: what is said once of all of it, and the list of keys. */
export function PageNotices() {
  return (
    <>
      <StreamBanner />
      <AccessBanner />
      <KeyboardHelp />
    </>
  );
}
