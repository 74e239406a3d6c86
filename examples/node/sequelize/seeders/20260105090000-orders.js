'use strict'

module.exports = {
  up: (queryInterface) =>
    queryInterface.bulkInsert(
      'Orders',
      [1, 2, 3, 5, 8].map((quantity) => ({ productId: 1, quantity })),
    ),
  down: (queryInterface) => queryInterface.bulkDelete('Orders', null),
}
