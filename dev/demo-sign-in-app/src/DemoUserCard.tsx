import Card from '@material-ui/core/Card';
import CardActionArea from '@material-ui/core/CardActionArea';
import CardContent from '@material-ui/core/CardContent';
import Chip from '@material-ui/core/Chip';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { DemoUser } from './demoUsers';

const useStyles = makeStyles(theme => ({
  card: { height: '100%' },
  action: {
    height: '100%',
    '&:focus-visible': {
      outline: `3px solid ${theme.palette.primary.main}`,
      outlineOffset: -3,
    },
  },
  content: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: theme.spacing(1.5),
    height: '100%',
  },
  role: { margin: 0 },
}));

/** One user to sign in as: who, in which role, and what the role may do. The whole card is the button. */
export function DemoUserCard(props: {
  user: DemoUser;
  onChoose: (user: DemoUser) => void;
}) {
  const { user, onChoose } = props;
  const classes = useStyles();
  return (
    <Card className={classes.card} variant="outlined">
      <CardActionArea className={classes.action} onClick={() => onChoose(user)}>
        <CardContent className={classes.content} component="span">
          <Typography variant="h5" component="span">
            {user.displayName}
          </Typography>
          <Chip
            className={classes.role}
            component="span"
            size="small"
            color="primary"
            label={user.role}
          />
          <Typography variant="body2" component="span">
            {user.may}
          </Typography>
        </CardContent>
      </CardActionArea>
    </Card>
  );
}
