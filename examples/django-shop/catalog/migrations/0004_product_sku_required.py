import django.core.validators
from django.db import migrations, models

import shop.constraints

SKU_PATTERN = '^[A-Z]{3}-[0-9]{4}$'


class Migration(migrations.Migration):

    dependencies = [('catalog', '0003_fill_product_sku')]

    operations = [
        migrations.AlterField(
            'product',
            'sku',
            models.CharField(
                max_length=8, unique=True, validators=[django.core.validators.RegexValidator(SKU_PATTERN)]
            ),
        ),
        migrations.AddConstraint(
            'product',
            shop.constraints.check(models.Q(sku__regex=SKU_PATTERN), name='product_sku_well_formed'),
        ),
    ]
