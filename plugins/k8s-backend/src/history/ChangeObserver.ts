import { keptHistoryOf } from '@backstage-k8s/plugin-k8s-common';
import type {
  KeptHistory,
  KubernetesObject,
  ManagedFieldsEntry,
} from '@backstage-k8s/plugin-k8s-common';
import type { ResourceKind } from '@backstage-k8s/plugin-k8s-node';
import { holdsPath } from '../workloads/fieldOwners';
import type { ChangeBudget } from './ChangeBudget';
import { changedFields } from './changedFields';
import { DELETED_VERSION } from './ObjectChange';
import type { DroppedChange, FieldChange, ObjectChange } from './ObjectChange';
import { whoChanged } from './whoChanged';

/** What is known of a change when it is heard. */
export interface HeardChange {
  /** The object after it, without managed fields; of what is gone, as it last was. */
  object: KubernetesObject;
  /** Those of the object after it. */
  managedFields?: readonly ManagedFieldsEntry[];
  /** The object before it; absent: it is new. Only called when the change is looked at. */
  before?: () => KubernetesObject;
  /** Milliseconds since 1970; absent: it was heard as it happened. */
  notBefore?: number;
}

const DATA_FIELDS = ['data', 'stringData'];
/** A Secret's values are not known here; that somebody has set them is. */
const SECRET_VALUES: FieldChange = {
  path: '/data',
  field: 'data',
  hidden: true,
};

/**
 * Hears the changes of one kind in one cluster where its objects are kept, and tells of those that somebody made. It keeps
 * nothing itself.
 */
export class ChangeObserver {
  readonly #kind: ResourceKind;
  readonly #kept: KeptHistory;
  readonly #budget: ChangeBudget;
  readonly #tell: (change: ObjectChange | DroppedChange) => void;
  readonly #now: () => number;

  /** Undefined for a kind that has no history. */
  static for(
    kind: ResourceKind,
    options: {
      budget: ChangeBudget;
      tell: (change: ObjectChange | DroppedChange) => void;
      now?: () => number;
    },
  ): ChangeObserver | undefined {
    const kept = keptHistoryOf(kind);
    return kept === 'none'
      ? undefined
      : new ChangeObserver({ now: Date.now, ...options, kind, kept });
  }

  private constructor(options: {
    kind: ResourceKind;
    kept: KeptHistory;
    budget: ChangeBudget;
    tell: (change: ObjectChange | DroppedChange) => void;
    now: () => number;
  }) {
    this.#kind = options.kind;
    this.#kept = options.kept;
    this.#budget = options.budget;
    this.#tell = options.tell;
    this.#now = options.now;
  }

  /** An object is new or has another version. */
  changed(heard: HeardChange): void {
    const { object, managedFields, notBefore } = heard;
    const { uid, namespace, resourceVersion } = object.metadata;
    if (uid === undefined || resourceVersion === undefined) return;
    if (!this.#budget.admitsLook(uid, namespace)) {
      this.passOver();
      return;
    }
    const before = heard.before?.();
    if (before && before.metadata.uid !== uid) {
      // Its name was given to another one meanwhile.
      this.#report(this.#gone(before, notBefore));
    }
    const at = this.#now();
    if (!before || before.metadata.uid !== uid) {
      const managers = whoChanged(managedFields, { at, notBefore });
      this.#report(
        this.#change(object, {
          ...{ type: 'created', at, notBefore, managers, resourceVersion },
        }),
      );
      return;
    }
    const fields = changedFields(before, object, { kept: this.#kept });
    const { paths, omitted } = fields;
    const managers = whoChanged(managedFields, { at, notBefore, paths });
    const changes =
      paths.length === 0 && this.#hasSetData(managers, managedFields)
        ? [SECRET_VALUES]
        : fields.changes;
    if (changes.length === 0) return;
    this.#report(
      this.#change(object, {
        ...{ type: 'changed', at, notBefore, managers, resourceVersion },
        ...{ changes, omitted },
      }),
    );
  }

  /** Something has changed that is too much to be looked at. */
  passOver(): void {
    const { cluster, group, plural } = this.#kind;
    this.#tell({ ...{ cluster, group, plural }, dropped: true });
  }

  /** An object is gone. */
  deleted({ object, notBefore }: HeardChange): void {
    const { uid } = object.metadata;
    if (uid === undefined) return;
    this.#report(this.#gone(object, notBefore));
  }

  #report(change: ObjectChange) {
    if (this.#budget.admitsChange(change.uid)) this.#tell(change);
    else this.passOver();
  }

  /** Whether those who wrote to a Secret wrote its data. */
  #hasSetData(
    managers: ObjectChange['managers'],
    managedFields: readonly ManagedFieldsEntry[] = [],
  ): boolean {
    return (
      this.#kept === 'keys' &&
      managedFields.some(
        ({ manager, time, fieldsV1 }) =>
          managers.some(one => one.manager === manager && one.at === time) &&
          // Fields of an apply are as they were sent.
          DATA_FIELDS.some(field => holdsPath(fieldsV1, [{ field }])),
      )
    );
  }

  /** Kubernetes does not tell who deletes. */
  #gone(object: KubernetesObject, notBefore?: number): ObjectChange {
    return this.#change(object, {
      ...{ type: 'deleted', at: this.#now(), notBefore, managers: [] },
      resourceVersion: DELETED_VERSION,
    });
  }

  #change(
    object: KubernetesObject,
    change: Pick<
      ObjectChange,
      'type' | 'at' | 'notBefore' | 'managers' | 'resourceVersion'
    > &
      Partial<Pick<ObjectChange, 'changes' | 'omitted'>>,
  ): ObjectChange {
    const { cluster, group, plural } = this.#kind;
    const { namespace, name = '', uid = '' } = object.metadata;
    return {
      ...{ cluster, group, plural, namespace, name, uid },
      ...{ changes: [], omitted: 0, ...change },
    };
  }
}
