class AddSlugs < ActiveRecord::Migration[6.1]
  # Not the application's model, which may have changed by the time this runs.
  class Product < ActiveRecord::Base; end

  def up
    add_column :products, :slug, :string
    Product.reset_column_information
    Product.find_each { |product| product.update!(slug: ::Shop::Slug.of(product.name)) }
  end

  def down
    remove_column :products, :slug
  end
end
