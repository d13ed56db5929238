// @ts-check

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('change_history', table => {
    table.comment('Changes of objects in clusters, whoever made them');
    table
      .string('id', 36)
      .primary()
      .comment('A UUID; those of one process are in its order');
    table
      .string('cluster_id', 32)
      .notNullable()
      .references('id')
      .inTable('clusters')
      .onDelete('CASCADE');
    table.string('api_group', 253).notNullable();
    table.string('plural', 253).notNullable();
    table.string('namespace', 63).notNullable().comment('Empty: none');
    table.string('name', 253).notNullable();
    table.string('uid', 128).notNullable();
    table
      .string('resource_version', 64)
      .notNullable()
      .comment('That the change has led to; deleted when the object is gone');
    table.string('type', 16).notNullable().comment('created, changed, deleted');
    table
      .bigInteger('at')
      .notNullable()
      .comment('Milliseconds since 1970; when it was heard');
    table
      .bigInteger('not_before')
      .nullable()
      .comment('It happened unseen between then and at; null: it was seen');
    table.text('managers').notNullable().comment('JSON: who wrote');
    table
      .text('changes')
      .notNullable()
      .comment('JSON: fields with their values before and after');
    table.integer('omitted').notNullable().comment('Fields left out');
    table.unique(['cluster_id', 'uid', 'resource_version'], {
      indexName: 'change_history_effect_unique',
    });
    table.index(
      ['cluster_id', 'api_group', 'plural', 'namespace', 'name', 'at'],
      'change_history_object_index',
    );
    table.index(['at'], 'change_history_time_index');
  });
  await knex.schema.createTable('change_history_spans', table => {
    table.comment('When the changes of a kind were heard by some instance');
    table.string('id', 36).primary().comment('A random UUID');
    table
      .string('cluster_id', 32)
      .notNullable()
      .references('id')
      .inTable('clusters')
      .onDelete('CASCADE');
    table.string('api_group', 253).notNullable();
    table.string('plural', 253).notNullable();
    table
      .bigInteger('started_at')
      .notNullable()
      .comment('Milliseconds by the clock of the database');
    table
      .bigInteger('ended_at')
      .notNullable()
      .comment('Milliseconds by the clock of the database; moved on meanwhile');
    table.index(
      ['cluster_id', 'api_group', 'plural', 'ended_at'],
      'change_history_spans_kind_index',
    );
    table.index(['ended_at'], 'change_history_spans_time_index');
  });
  await knex.schema.alterTable('audit_entries', table => {
    table
      .string('object_uid', 128)
      .nullable()
      .comment('Of the object that was changed');
    table
      .string('object_version', 64)
      .nullable()
      .comment('resourceVersion that it has led to, or deleted');
    table.index(
      ['cluster', 'object_uid', 'object_version'],
      'audit_entries_effect_idx',
    );
    table.index(
      ['cluster', 'resource_plural', 'resource_name', 'at'],
      'audit_entries_object_idx',
    );
  });
};

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('audit_entries', table => {
    table.dropIndex([], 'audit_entries_effect_idx');
    table.dropIndex([], 'audit_entries_object_idx');
    table.dropColumns('object_uid', 'object_version');
  });
  await knex.schema.dropTable('change_history_spans');
  await knex.schema.dropTable('change_history');
};
