'use strict'

const { withoutSigns } = require('./text')

exports.slugOf = (name) => withoutSigns(name).toLowerCase().trim().replaceAll(/\s+/g, '-')
