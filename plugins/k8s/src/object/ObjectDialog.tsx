import { DeleteObjectDialog } from './DeleteObjectDialog';
import type { ObjectAction } from './objectActions';
import type { ObjectDialogProps } from './objectChanges';
import { RollBackObjectDialog } from './RollBackObjectDialog';
import { ScaleObjectDialog } from './ScaleObjectDialog';
import { SimpleActionDialog } from './SimpleActionDialog';

/** The dialog of an action. */
export function ObjectDialog(
  props: ObjectDialogProps & { action: ObjectAction },
) {
  const { action, ...rest } = props;
  switch (action) {
    case 'scale':
      return <ScaleObjectDialog {...rest} />;
    case 'rollback':
      return <RollBackObjectDialog {...rest} />;
    case 'delete':
      return <DeleteObjectDialog {...rest} />;
    default:
      return <SimpleActionDialog {...rest} action={action} />;
  }
}
