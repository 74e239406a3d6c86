'use strict'

exports.withoutSigns = (text) => text.replaceAll(/[^\p{L}\p{N} ]/gu, '')
