/**
 * What catalog entities say of their workloads. An entity is read as its reader sees it: one that may not be seen does not exist.
 * For readers that the policy shows the whole catalog it is read once for all of them, since each of a thousand open pages asks
 * every few seconds.
 */
import type { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError, NotFoundError, ResponseError } from '@backstage/errors';
import {
  ANNOTATION_KUBERNETES_CLUSTER,
  ANNOTATION_KUBERNETES_ID,
  ANNOTATION_KUBERNETES_LABEL_SELECTOR,
  ANNOTATION_KUBERNETES_NAMESPACE,
} from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { AccessControl } from '../access/AccessControl';
import { DecisionMemory, OUTAGE_MS } from '../access/DecisionMemory';
import { plainText } from '../views/plainText';

const NAMES = [
  ANNOTATION_KUBERNETES_CLUSTER,
  ANNOTATION_KUBERNETES_ID,
  ANNOTATION_KUBERNETES_LABEL_SELECTOR,
  ANNOTATION_KUBERNETES_NAMESPACE,
] as const;

/** The annotations of an entity that say where its workloads are; empty ones are left out. */
export type ServiceAnnotationValues = Readonly<
  Partial<Record<(typeof NAMES)[number], string>>
>;

/** The annotations; undefined: there is no such entity, as far as the reader may know. */
type Sight = ServiceAnnotationValues | undefined;

/** @throws InputError */
function entityRefOf(text: string): string {
  try {
    return stringifyEntityRef(
      parseEntityRef(text, {
        defaultKind: 'component',
        defaultNamespace: 'default',
      }),
    );
  } catch (error) {
    throw new InputError('entity is not an entity reference', error);
  }
}

/** Reads annotations of catalog entities; what was read is remembered for seconds. */
export class ServiceAnnotations {
  readonly #auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  readonly #access: Pick<AccessControl, 'readsWholeCatalog'>;
  readonly #catalog: Pick<CatalogService, 'getEntityByRef'>;
  /** By entity, and by reader where the catalog is not the same for all. */
  readonly #sights: DecisionMemory<Sight>;

  constructor(options: {
    auth: Pick<AuthService, 'getOwnServiceCredentials'>;
    access: Pick<AccessControl, 'readsWholeCatalog'>;
    catalog: Pick<CatalogService, 'getEntityByRef'>;
    logger: LoggerService;
  }) {
    this.#auth = options.auth;
    this.#access = options.access;
    this.#catalog = options.catalog;
    this.#sights = new DecisionMemory({
      logger: options.logger,
      source: 'catalog',
    });
  }

  /** @throws NotFoundError when the entity does not exist or may not be seen, InputError when there can be none of that name */
  async of(
    entity: string,
    context: RequestContext,
  ): Promise<ServiceAnnotationValues> {
    const ref = entityRefOf(entity);
    const sight = (await this.#access.readsWholeCatalog(context))
      ? await this.#forAll(ref)
      : await this.#forOne(ref, context);
    if (!sight) throw new NotFoundError(`No entity ${plainText(ref, 512)}`);
    return sight;
  }

  #forAll(ref: string): Promise<Sight> {
    return this.#sights.get(ref, {
      ask: async () =>
        this.#read(ref, await this.#auth.getOwnServiceCredentials()),
      outageMs: OUTAGE_MS,
    });
  }

  #forOne(
    ref: string,
    { principal, credentials, rights }: RequestContext,
  ): Promise<Sight> {
    const { type, ref: reader } = principal;
    return this.#sights.get(JSON.stringify([type, reader, ref]), {
      ask: () => this.#read(ref, credentials),
      outageMs: OUTAGE_MS,
      since: rights?.since,
    });
  }

  async #read(
    ref: string,
    credentials: RequestContext['credentials'],
  ): Promise<Sight> {
    try {
      const entity = await this.#catalog.getEntityByRef(ref, { credentials });
      if (!entity) return undefined;
      const { annotations = {} } = entity.metadata;
      return Object.fromEntries(
        NAMES.flatMap(name =>
          annotations[name] ? [[name, annotations[name]]] : [],
        ),
      );
    } catch (error) {
      // The catalog knows which names there can be at all.
      if (error instanceof ResponseError && error.statusCode === 400) {
        throw new InputError('entity is not an entity reference', error);
      }
      throw error;
    }
  }
}
