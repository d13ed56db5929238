// @ts-check

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('event_history', table => {
    table.comment('Events of clusters, which forget them after an hour');
    table
      .string('cluster_id', 32)
      .notNullable()
      .references('id')
      .inTable('clusters')
      .onDelete('CASCADE');
    table.string('uid', 128).notNullable().comment('Of the Event');
    table.string('namespace', 63).notNullable();
    table.string('involved_kind', 63).notNullable();
    table.string('involved_name', 253).notNullable();
    table.text('event').notNullable().comment('JSON');
    table
      .bigInteger('last_seen')
      .notNullable()
      .comment('Milliseconds since 1970, by the clock of the cluster');
    table.primary(['cluster_id', 'uid']);
    table.index(['cluster_id', 'last_seen'], 'event_history_time_index');
    table.index(
      ['cluster_id', 'involved_kind', 'involved_name'],
      'event_history_involved_index',
    );
  });
};

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('event_history');
};
