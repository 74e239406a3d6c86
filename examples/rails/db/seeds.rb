tea = Product.find_by!(slug: 'green-tea')
tea.orders.destroy_all
[1, 2, 3, 5, 8].each { |quantity| tea.orders.create!(quantity: quantity) }
