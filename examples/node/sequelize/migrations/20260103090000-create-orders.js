'use strict'

module.exports = {
  up: (queryInterface, Sequelize) =>
    queryInterface.createTable('Orders', {
      id: { type: Sequelize.INTEGER, primaryKey: true, autoIncrement: true },
      productId: { type: Sequelize.INTEGER, references: { model: 'Products', key: 'id' } },
      quantity: { type: Sequelize.INTEGER, allowNull: false, defaultValue: 1 },
    }),
  down: (queryInterface) => queryInterface.dropTable('Orders'),
}
