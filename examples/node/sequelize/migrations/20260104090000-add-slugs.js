'use strict'

const { slugOf } = require('../lib/slug')

module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.addColumn('Products', 'slug', { type: Sequelize.STRING })
    const [products] = await queryInterface.sequelize.query('SELECT id, name FROM Products')
    for (const { id, name } of products) await queryInterface.bulkUpdate('Products', { slug: slugOf(name) }, { id })
  },
  down: (queryInterface) => queryInterface.removeColumn('Products', 'slug'),
}
