// @ts-check

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('audit_entries', table => {
    table.comment(
      'Who changed what: an entry when it is tried, completed by how it ended',
    );
    table
      .string('id', 36)
      .primary()
      .comment('A UUID; those of one process are in its order');
    table
      .bigInteger('at')
      .notNullable()
      .comment('When it was tried, milliseconds by the clock of the database');
    table
      .string('actor', 512)
      .notNullable()
      .comment(
        'Entity reference of a user, subject of a service, system or anonymous',
      );
    table.string('action', 64).notNullable();
    table
      .string('outcome', 16)
      .notNullable()
      .comment('pending, succeeded, failed or refused');
    table.text('reason').nullable().comment('Why it failed or was refused');
    table
      .string('cluster', 32)
      .nullable()
      .comment('Cluster id; the cluster may be gone');
    table.string('cluster_name', 253).nullable();
    table.string('resource_group', 253).nullable();
    table.string('resource_plural', 63).nullable();
    table.string('resource_namespace', 63).nullable();
    table.string('resource_name', 253).nullable();
    table
      .text('details')
      .nullable()
      .comment('JSON of what was asked for, without secrets');
    table.bigInteger('duration_ms').nullable();
    table.string('request_id', 36).notNullable();
    table.index(['at', 'id'], 'audit_entries_at_idx');
    table.index(['actor', 'at'], 'audit_entries_actor_idx');
    table.index(['cluster', 'at'], 'audit_entries_cluster_idx');
  });
  await knex.schema.createTable('idempotency_keys', table => {
    table.comment('Requests with an Idempotency-Key, running or answered');
    table
      .string('marker', 64)
      .primary()
      .comment('SHA-256 of principal and key');
    table
      .string('fingerprint', 64)
      .notNullable()
      .comment('SHA-256 of the request');
    table.string('state', 16).notNullable().comment('running or done');
    table
      .bigInteger('epoch')
      .notNullable()
      .comment('Raised by one with each take-over');
    table
      .bigInteger('lease_until')
      .notNullable()
      .comment(
        'running: milliseconds by the clock of the database; past: may be taken over',
      );
    table
      .integer('status')
      .nullable()
      .comment('done: HTTP status of the answer');
    table.text('answer').nullable().comment('done: JSON of headers and body');
    table
      .bigInteger('created_at')
      .notNullable()
      .comment('Milliseconds by the clock of the database');
    table.index(['created_at'], 'idempotency_keys_created_at_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('idempotency_keys');
  await knex.schema.dropTable('audit_entries');
};
