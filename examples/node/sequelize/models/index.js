'use strict'

const { Sequelize, DataTypes } = require('sequelize')
const settings = require('../config/config.json')[process.env.NODE_ENV ?? 'development']

const sequelize = new Sequelize(settings)

module.exports = { sequelize, Product: require('./product')(sequelize, DataTypes) }
