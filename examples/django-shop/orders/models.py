import uuid

from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils import timezone

from catalog.models import Product
from shop.constraints import check


class Customer(models.Model):
    name = models.CharField(max_length=120)
    email = models.EmailField(unique=True)

    class Meta:
        ordering = ['name']

    def __str__(self):
        return f'{self.name} <{self.email}>'


class ShippingMethodManager(models.Manager):
    def get_by_natural_key(self, code):
        """Fixtures name a method by its code: the rows are a migration's, and so are their numbers."""
        return self.get(code=code)


class ShippingMethod(models.Model):
    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    price = models.DecimalField(max_digits=6, decimal_places=2)

    objects = ShippingMethodManager()

    class Meta:
        ordering = ['price']

    def __str__(self):
        return self.name


class Order(models.Model):
    class Status(models.TextChoices):
        PLACED = 'placed'
        PAID = 'paid'
        SHIPPED = 'shipped'

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name='orders')
    shipping = models.ForeignKey(ShippingMethod, on_delete=models.PROTECT, related_name='orders', null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLACED)
    placed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ['-placed_at', '-pk']
        indexes = [models.Index(fields=['status', 'placed_at'], name='order_by_status')]

    def __str__(self):
        return str(self.reference)

    def get_absolute_url(self):
        return reverse('order-page', args=[self.reference])

    @property
    def total(self):
        goods = self.lines.aggregate(total=Sum(F('price') * F('quantity'), output_field=models.DecimalField()))['total']
        return (goods or 0) + (self.shipping.price if self.shipping else 0)


class OrderLine(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name='lines')
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name='lines')
    quantity = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        constraints = [
            check(Q(quantity__gt=0), name='line_quantity_positive'),
            models.UniqueConstraint(fields=['order', 'product'], name='line_product_once_an_order'),
        ]

    def __str__(self):
        return f'{self.quantity} x {self.product}'
