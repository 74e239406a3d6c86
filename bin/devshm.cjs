#!/usr/bin/env node
'use strict'

// Written so that every Node.js still around can read it, and say what is wrong instead of a syntax error.
var problemWith = require('./requirements.cjs').problemWith

var problem = problemWith(process.versions.node, process.platform)
if (problem === undefined) {
  require('./start.cjs')
} else {
  process.stderr.write(problem.message + '\n  ' + problem.hint + '\n')
  process.exitCode = 1
}
