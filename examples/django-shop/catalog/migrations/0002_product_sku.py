from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('catalog', '0001_initial')]

    operations = [
        migrations.AddField('product', 'sku', models.CharField(max_length=8, null=True)),
    ]
