from django.db import migrations, models

import shop.constraints


class Migration(migrations.Migration):

    dependencies = [('orders', '0005_order_reference')]

    operations = [
        migrations.AddConstraint(
            'orderline',
            shop.constraints.check(models.Q(quantity__gt=0), name='line_quantity_positive'),
        ),
        migrations.AddConstraint(
            'orderline',
            models.UniqueConstraint(fields=['order', 'product'], name='line_product_once_an_order'),
        ),
    ]
