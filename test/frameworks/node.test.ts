import { makeDrizzle, makeKnex, makeKysely, makeSequelize, makeTypeorm } from './support/node.ts'
import { testPage } from './support/test-page.ts'

testPage('knex', { make: makeKnex, isPreset: true })
testPage('drizzle', { make: makeDrizzle, isPreset: true })
testPage('typeorm', { make: makeTypeorm, isPreset: true })
testPage('sequelize', { make: makeSequelize, isPreset: true })
testPage('kysely', { make: makeKysely, isPreset: true })
