class FirstProducts < ActiveRecord::Migration[6.1]
  def up
    execute "INSERT INTO products (name, price_cents) VALUES ('Green Tea', 450), ('Roast & Ground', 790)"
  end

  def down
    execute 'DELETE FROM products'
  end
end
