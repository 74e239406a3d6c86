from io import StringIO

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import TestCase

from .models import Product


class CatalogTests(TestCase):
    fixtures = ['demo']

    def test_lists_what_is_on_sale(self):
        sold_out = Product.objects.first()
        Product.objects.filter(pk=sold_out.pk).update(stock=0)
        page = self.client.get('/').content.decode()
        self.assertNotIn(sold_out.sku, page)
        self.assertEqual(page.count('in stock</li>'), Product.objects.on_sale().count())

    def test_gives_every_product_as_json(self):
        products = self.client.get('/api/products/').json()['products']
        self.assertEqual(len(products), Product.objects.count())

    def test_a_malformed_sku_is_refused_by_the_form_and_by_the_database(self):
        product = Product.objects.first()
        product.sku = 'teapot'
        with self.assertRaises(ValidationError):
            product.full_clean()
        with self.assertRaises(IntegrityError), transaction.atomic():
            product.save()

    def test_a_delivery_adds_to_the_stock_of_each_product(self):
        before = dict(Product.objects.values_list('sku', 'stock'))
        call_command('receive_goods', '--pieces', '2', stdout=StringIO())
        self.assertEqual(dict(Product.objects.values_list('sku', 'stock')), {sku: n + 2 for sku, n in before.items()})

    def test_the_admin_lists_products(self):
        self.assertTrue(self.client.login(username='admin', password='admin'))
        self.assertContains(self.client.get('/admin/catalog/product/'), Product.objects.first().sku)
