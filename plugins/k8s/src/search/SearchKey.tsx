import { useCallback } from 'react';
import { useNavigate } from 'react-router-dom';
import { useLinks } from '../routing/K8sLinks';
import { useSlash } from './useSlash';

/** On pages whose header is not ours `/` leads to the page of the search. */
export function SearchKey() {
  const links = useLinks();
  const navigate = useNavigate();
  useSlash(useCallback(() => navigate(links.search()), [links, navigate]));
  return null;
}
