from django.test import TestCase

from catalog.models import Product

from .models import Order
from .services import CannotOrder, place_order


class OrderTests(TestCase):
    fixtures = ['demo']

    def setUp(self):
        self.product = Product.objects.on_sale().first()
        self.form = {'email': 'grace@example.com', 'sku': self.product.sku, 'quantity': 2}

    def test_an_order_takes_its_products_out_of_stock(self):
        answer = self.client.post('/api/orders/', self.form)
        self.assertEqual(answer.status_code, 201)
        before = self.product.stock
        self.product.refresh_from_db()
        self.assertEqual(self.product.stock, before - 2)
        self.assertIn(answer.json()['reference'], self.client.get('/api/orders/').json()['orders'])

    def test_the_order_page_shows_lines_shipping_and_total(self):
        answer = self.client.post('/orders/', self.form, follow=True)
        self.assertContains(answer, self.product.name)
        self.assertContains(answer, self.product.price * 2 + Order.objects.first().shipping.price)

    def test_more_than_the_stock_changes_nothing(self):
        other = Product.objects.on_sale().last()
        orders = Order.objects.count()
        with self.assertRaises(CannotOrder):
            place_order('grace@example.com', {other.sku: 1, self.product.sku: self.product.stock + 1})
        self.assertEqual(Order.objects.count(), orders)
        self.assertEqual(Product.objects.get(pk=other.pk).stock, other.stock)

    def test_too_many_is_a_conflict_and_nonsense_is_a_bad_request(self):
        too_many = self.client.post('/api/orders/', {**self.form, 'quantity': self.product.stock + 1})
        self.assertEqual(too_many.status_code, 409)
        nonsense = self.client.post('/api/orders/', {**self.form, 'quantity': 0})
        self.assertEqual(nonsense.status_code, 400)
