from django.db import migrations


def fill_sku(apps, schema_editor):
    """Products from before 0002 get the first three letters of their category and their own number."""
    Product = apps.get_model('catalog', 'Product')
    for product in Product.objects.filter(sku=None).select_related('category'):
        letters = ''.join(letter for letter in product.category.slug.upper() if 'A' <= letter <= 'Z')
        product.sku = f'{letters:X<3.3}-{product.pk:04}'
        product.save(update_fields=['sku'])


class Migration(migrations.Migration):

    dependencies = [('catalog', '0002_product_sku')]

    operations = [
        migrations.RunPython(fill_sku, migrations.RunPython.noop),
    ]
