'use strict'

module.exports = {
  up: (queryInterface, Sequelize) =>
    queryInterface.createTable('Products', {
      id: { type: Sequelize.INTEGER, primaryKey: true, autoIncrement: true },
      name: { type: Sequelize.STRING, allowNull: false },
      priceCents: { type: Sequelize.INTEGER, allowNull: false },
    }),
  down: (queryInterface) => queryInterface.dropTable('Products'),
}
