// @ts-check

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('terminal_tickets', table => {
    table.comment(
      'Terminals: tickets that are good once, and which of them are open',
    );
    table.string('id', 36).primary().comment('Of the terminal, a random UUID');
    table.string('ticket_hash', 64).notNullable().comment('SHA-256');
    table
      .string('principal', 512)
      .notNullable()
      .comment('Entity reference of the user that it is for');
    table.string('cluster', 32).notNullable().comment('Cluster id');
    table.string('namespace', 63).notNullable();
    table.string('pod', 253).notNullable();
    table.string('container', 63).notNullable();
    table.text('command').notNullable().comment('JSON: program and arguments');
    table
      .bigInteger('expires_at')
      .notNullable()
      .comment('Milliseconds by the clock of the database');
    table
      .bigInteger('used_at')
      .nullable()
      .comment('Milliseconds by the clock of the database; null: not used');
    table
      .bigInteger('open_until')
      .nullable()
      .comment(
        'Milliseconds by the clock of the database; past or null: not open. An open terminal moves it on',
      );
    table.index(['principal'], 'terminal_tickets_principal_idx');
    table.index(['expires_at'], 'terminal_tickets_expires_at_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('terminal_tickets');
};
