import django.core.validators
from django.db import migrations, models

import shop.constraints


class Migration(migrations.Migration):

    dependencies = [('catalog', '0005_product_stock')]

    operations = [
        migrations.AlterField(
            'product',
            'price',
            models.DecimalField(
                decimal_places=2, max_digits=8, validators=[django.core.validators.MinValueValidator(0)]
            ),
        ),
        migrations.AddConstraint(
            'product',
            shop.constraints.check(models.Q(price__gte=0), name='product_price_not_negative'),
        ),
    ]
