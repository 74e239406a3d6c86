from decimal import Decimal

from django.db import migrations

METHODS = [
    ('pickup', 'Pick up in the shop', '0.00'),
    ('standard', 'Parcel, three days', '4.90'),
    ('express', 'Parcel, next day', '9.90'),
]


def add_methods(apps, schema_editor):
    ShippingMethod = apps.get_model('orders', 'ShippingMethod')
    for code, name, price in METHODS:
        ShippingMethod.objects.get_or_create(code=code, defaults={'name': name, 'price': Decimal(price)})


class Migration(migrations.Migration):

    dependencies = [('orders', '0003_shipping_method')]

    operations = [
        migrations.RunPython(add_methods, migrations.RunPython.noop),
    ]
