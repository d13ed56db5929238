import {
  Link,
  sidebarConfig,
  useSidebarOpenState,
} from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';

const LOGO_SIZE = 32;

const useStyles = makeStyles(theme => ({
  link: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    padding: theme.spacing(
      2,
      0,
      2,
      (sidebarConfig.drawerWidthClosed - LOGO_SIZE) / 2 / theme.spacing(1),
    ),
    color: theme.palette.navigation.selectedColor,
    fontFamily: theme.typography.fontFamily,
    fontSize: theme.typography.h6.fontSize,
    fontWeight: 600,
    whiteSpace: 'nowrap',
  },
}));

/** The portal's mark, beside its name where the sidebar is open; leads home. */
export const SidebarLogo = () => {
  const classes = useStyles();
  const { isOpen } = useSidebarOpenState();
  return (
    <Link to="/" underline="none" className={classes.link} aria-label="Home">
      <svg width={LOGO_SIZE} height={LOGO_SIZE} viewBox="0 0 32 32" aria-hidden>
        <rect width="32" height="32" rx="7" fill="#2b5bd7" />
        <g
          fill="none"
          stroke="#fff"
          strokeWidth="2.4"
          strokeLinecap="round"
          strokeLinejoin="round"
        >
          <path d="M16 6 25 11.2v9.6L16 26l-9-5.2v-9.6z" />
          <path d="M16 16 25 11.2M16 16v10M16 16 7 11.2" />
        </g>
      </svg>
      {isOpen && 'Kubernetes'}
    </Link>
  );
};
