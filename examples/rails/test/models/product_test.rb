require 'test_helper'

class ProductTest < ActiveSupport::TestCase
  8.times do |number|
    test "every worker has a database of its own, and writes the same key: #{number}" do
      assert_equal 0, Product.count
      Product.create!(id: 1, name: "Tea #{number}", price_cents: 450)
      assert_equal ["Tea #{number}"], Product.pluck(:name)
    end
  end
end
