import type { Generated } from './generated.ts'

/** What `prisma init` and `prisma migrate dev` leave, as its documentation has it. */
export function makePrisma(project: Generated): void {
  project.write('package.json', JSON.stringify({ dependencies: { '@prisma/client': '6', prisma: '6' } }))
  project.write('package-lock.json', '{}')
  project.write('.env', 'DATABASE_URL="file:./dev.db"\n')
  project.write(
    'prisma/schema.prisma',
    'datasource db {\n  provider = "sqlite"\n  url      = env("DATABASE_URL")\n}\n\nmodel Product {\n  id Int @id\n}\n',
  )
  project.write('prisma/migrations/20260101090000_init/migration.sql', 'CREATE TABLE "Product" ("id" INTEGER);')
  project.write('prisma/migrations/migration_lock.toml', 'provider = "sqlite"\n')
  project.write('prisma/seed.ts', '')
  project.write('node_modules/.bin/prisma', '')
}

/** The files of `composer create-project laravel/laravel` that say how its database is set up. */
export function makeLaravel(project: Generated): void {
  project.write('artisan', '#!/usr/bin/env php\n')
  project.write('composer.json', JSON.stringify({ require: { 'laravel/framework': '^12.0' } }))
  project.write('composer.lock', '{}')
  project.write('.env', 'DB_CONNECTION=sqlite\n')
  const files = ['config/database.php', 'app/Models/User.php']
  const folders = [
    'migrations/0001_01_01_000000_create_users_table.php',
    'factories/UserFactory.php',
    'seeders/DatabaseSeeder.php',
  ]
  for (const path of [...files, ...folders.map((name) => `database/${name}`)]) project.write(path, '<?php\n')
}
