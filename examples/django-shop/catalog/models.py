from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from shop.constraints import check

SKU_PATTERN = r'^[A-Z]{3}-[0-9]{4}$'


class Category(models.Model):
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)

    class Meta:
        ordering = ['name']
        verbose_name_plural = 'categories'

    def __str__(self):
        return self.name


class ProductQuerySet(models.QuerySet):
    def on_sale(self):
        return self.filter(active=True, stock__gt=0)


class Product(models.Model):
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name='products')
    name = models.CharField(max_length=120)
    sku = models.CharField(max_length=8, unique=True, validators=[RegexValidator(SKU_PATTERN)])
    description = models.TextField(blank=True)
    price = models.DecimalField(max_digits=8, decimal_places=2, validators=[MinValueValidator(0)])
    stock = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ['name']
        indexes = [models.Index(fields=['category', 'active'], name='product_on_sale')]
        constraints = [
            check(Q(price__gte=0), name='product_price_not_negative'),
            # Only a connection with Django's own REGEXP function can evaluate this one.
            check(Q(sku__regex=SKU_PATTERN), name='product_sku_well_formed'),
        ]

    def __str__(self):
        return f'{self.sku} {self.name}'
