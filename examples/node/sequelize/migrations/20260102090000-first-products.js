'use strict'

module.exports = {
  up: (queryInterface) =>
    queryInterface.bulkInsert('Products', [
      { name: 'Green Tea', priceCents: 450 },
      { name: 'Roast & Ground', priceCents: 790 },
    ]),
  down: (queryInterface) => queryInterface.bulkDelete('Products', null),
}
