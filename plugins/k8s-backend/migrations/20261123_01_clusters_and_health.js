// @ts-check

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('clusters', table => {
    table.comment('The registered clusters, each with its sealed credential');
    table.string('id', 32).primary().comment('Ours; never changes');
    table.string('name', 63).notNullable();
    table
      .string('name_key', 63)
      .notNullable()
      .comment('The name in lower case: names differ by more than case');
    table
      .string('slug', 63)
      .notNullable()
      .comment('Name of the catalog entity');
    table.string('uid', 64).notNullable().comment('UID of kube-system');
    table.string('server', 2048).notNullable();
    table.text('ca_data').nullable().comment('PEM');
    table.string('tls_server_name', 253).nullable();
    table.boolean('skip_tls_verify').notNullable();
    table.text('labels').notNullable().comment('JSON');
    table.string('owner', 512).nullable().comment('Entity reference');
    table.boolean('protected').notNullable();
    table.string('credential_type', 32).notNullable();
    table.string('credential_user', 512).nullable();
    table
      .bigInteger('credential_expires_at')
      .nullable()
      .comment('Milliseconds since 1970');
    table
      .integer('seal_version')
      .notNullable()
      .comment('Format of the two sealed columns');
    table
      .string('key_id', 128)
      .notNullable()
      .comment('Configured key that the data key is wrapped with');
    table.text('wrapped_key').notNullable().comment('The data key, sealed');
    table.text('sealed_credential').notNullable();
    table
      .integer('generation')
      .notNullable()
      .comment('Raised with each change of endpoint or credential');
    table
      .integer('revision')
      .notNullable()
      .comment('Raised with each change of the row');
    table
      .string('request_marker', 64)
      .nullable()
      .comment(
        'Of the request that registered it, to recognise a repeated one',
      );
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
    table.unique(['name_key'], { indexName: 'clusters_name_unique' });
    table.unique(['slug'], { indexName: 'clusters_slug_unique' });
    table.unique(['server'], { indexName: 'clusters_server_unique' });
    table.unique(['uid'], { indexName: 'clusters_uid_unique' });
    table.index(['request_marker'], 'clusters_request_marker_index');
  });
  await knex.schema.createTable('cluster_health', table => {
    table.comment('The last health check of each cluster');
    table
      .string('cluster_id', 32)
      .primary()
      .references('id')
      .inTable('clusters')
      .onDelete('CASCADE');
    table.text('health').notNullable().comment('JSON, without history');
    table.integer('revision').notNullable().comment('Raised with each check');
  });
  await knex.schema.createTable('cluster_health_history', table => {
    table.comment('Changes of a status; forgotten after a week');
    table.bigIncrements('id');
    table
      .string('cluster_id', 32)
      .notNullable()
      .references('id')
      .inTable('clusters')
      .onDelete('CASCADE');
    table.string('component', 32).notNullable().comment('Or `cluster`');
    table.string('status', 16).notNullable();
    table.text('message').nullable();
    table.bigInteger('at').notNullable().comment('Milliseconds since 1970');
    table.index(['cluster_id', 'at'], 'cluster_health_history_cluster_index');
    table.index(['at'], 'cluster_health_history_at_index');
  });
};

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('cluster_health_history');
  await knex.schema.dropTable('cluster_health');
  await knex.schema.dropTable('clusters');
};
