"""What the shop does, apart from HTTP."""

from django.db import transaction
from django.db.models import F

from catalog.models import Product

from .models import Customer, Order, OrderLine, ShippingMethod


class CannotOrder(Exception):
    """The order asks for a product that is unknown or not in stock."""


def place_order(email, basket, shipping='standard'):
    """Create an order and take its products out of stock: all of it or nothing.

    `basket` maps each SKU to a quantity.
    """
    customer, _ = Customer.objects.get_or_create(email=email, defaults={'name': email.partition('@')[0]})
    with transaction.atomic():
        # The write comes first, so that concurrent orders wait for each other. A transaction that begins by
        # reading cannot wait: SQLite refuses its first write at once ("database is locked").
        for sku, quantity in basket.items():
            take_out_of_stock(sku, quantity)
        order = Order.objects.create(customer=customer, shipping=ShippingMethod.objects.get(code=shipping))
        OrderLine.objects.bulk_create(
            OrderLine(order=order, product=product, quantity=basket[product.sku], price=product.price)
            for product in Product.objects.filter(sku__in=basket)
        )
    return order


def take_out_of_stock(sku, quantity):
    available = Product.objects.filter(sku=sku, active=True, stock__gte=quantity)
    if not available.update(stock=F('stock') - quantity):
        raise CannotOrder(f'{sku}: fewer than {quantity} in stock')
