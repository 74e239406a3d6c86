import type { Generated } from './generated.ts'

/** `rails new` and `rails generate model`, with the gems that Debian has, and a seed. */
export async function makeRails(project: Generated): Promise<void> {
  // The name of the folder becomes that of the application.
  await project.must('mkdir shop && cd shop && rails new . --minimal --skip-listen --skip-bundle --skip-git --quiet')
  await project.must('mv shop/* shop/.[a-z]* . 2>/dev/null; rmdir shop')
  project.write('Gemfile', "source 'https://rubygems.org'\n\ngem 'rails', '>= 6.1'\ngem 'sqlite3'\ngem 'webrick'\n")
  await project.must('bundle lock --local && bin/rails generate model Product name:string')
  project.write('db/seeds.rb', "Product.create!(name: 'Green Tea')\n")
  await project.must('bin/rails db:migrate && rm db/development.sqlite3')
}
