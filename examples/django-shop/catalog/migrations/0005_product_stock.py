from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('catalog', '0004_product_sku_required')]

    operations = [
        migrations.AddField('product', 'stock', models.PositiveIntegerField(default=0)),
        migrations.AddField('product', 'active', models.BooleanField(default=True)),
        migrations.AddIndex('product', models.Index(fields=['category', 'active'], name='product_on_sale')),
    ]
