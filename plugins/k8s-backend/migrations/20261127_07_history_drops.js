// @ts-check

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('change_history_spans', table => {
    table
      .bigInteger('dropped_from')
      .nullable()
      .comment('When changes were first dropped meanwhile; null: never');
    table
      .bigInteger('dropped_to')
      .nullable()
      .comment('When that was last noted');
  });
};

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('change_history_spans', table => {
    table.dropColumns('dropped_from', 'dropped_to');
  });
};
