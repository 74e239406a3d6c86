'use strict'

module.exports = (sequelize, { STRING, INTEGER }) =>
  sequelize.define('Product', { name: STRING, priceCents: INTEGER, slug: STRING }, { timestamps: false })
