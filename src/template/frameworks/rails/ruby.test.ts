import { expect, test } from 'vitest'
import { fileList } from '../shared/file-list.ts'
import { projectOf } from '../shared/project-for-tests.ts'
import { trace } from '../shared/trace.ts'
import { ruby } from './ruby.ts'

function tracedFrom(code: string, others: Record<string, string>): { files: string[]; variables: readonly string[] } {
  const entry = 'db/migrate/1_a.rb'
  const project = projectOf({ [entry]: code, ...others })
  const { files, variables } = trace(project, ruby(fileList(project.files), ''), [entry])
  return { files: files.filter((path) => path !== entry), variables }
}

test('a constant leads to the file that Rails would load for it, and on from there', () => {
  const others = {
    'app/models/product.rb': 'class Product < ApplicationRecord\n  include Taggable\nend',
    'app/models/application_record.rb': '',
    'app/models/concerns/taggable.rb': '',
    'lib/shop/html_page.rb': 'module Shop; class HTMLPage; end; end',
    'lib/shop.rb': '',
    'app/models/order.rb': '',
    'test/models/product.rb': '',
  }
  expect(tracedFrom('Product.find_each { Shop::HTMLPage.new }', others).files).toEqual([
    'app/models/application_record.rb',
    'app/models/concerns/taggable.rb',
    'app/models/product.rb',
    'lib/shop.rb',
    'lib/shop/html_page.rb',
  ])
})

test('a model that a migration defines for itself is not the one of the application', () => {
  const own =
    'class A < ActiveRecord::Migration[7.1]\n  class Product < ActiveRecord::Base; end\n  Product.find_each\nend'
  expect(tracedFrom(own, { 'app/models/product.rb': '' }).files).toEqual([])
  expect(tracedFrom(`${own}\n::Product.count`, { 'app/models/product.rb': '' }).files).toEqual([
    'app/models/product.rb',
  ])
})

test('required files and files read by a literal path count; remarks do not', () => {
  const code = `require_relative '../helpers/a'
    require 'shop/b'
    # require_relative '../helpers/z'
    File.read(Rails.root.join('db', 'data', 'c.csv'))
    execute File.read(File.expand_path('../sql/d.sql', __dir__))
    Dir["#{Rails.root}/db/parts/*.rb"].each { |path| load path }`
  const paths = ['db/data/c.csv', 'db/helpers/a.rb', 'db/parts/e.rb', 'db/sql/d.sql', 'lib/shop/b.rb']
  const others = Object.fromEntries([...paths, 'db/helpers/z.rb', 'db/data/z.csv'].map((path) => [path, '']))
  expect(tracedFrom(code, others).files).toEqual(paths)
})

test('variables of the environment are found however they are read', () => {
  const code = `ENV['A']; ENV["B"]; ENV.fetch('C', 1); ENV.fetch("D") { 5 }; ENV.key?('E')`
  expect(tracedFrom(code, {}).variables).toEqual(['A', 'B', 'C', 'D', 'E'])
})
