import uuid

from django.db import migrations, models


def give_references(apps, schema_editor):
    """One default for all rows would be one reference for all orders: each gets its own before it becomes unique."""
    Order = apps.get_model('orders', 'Order')
    for order in Order.objects.filter(reference=None):
        order.reference = uuid.uuid4()
        order.save(update_fields=['reference'])


class Migration(migrations.Migration):

    dependencies = [('orders', '0004_first_shipping_methods')]

    operations = [
        migrations.AddField('order', 'reference', models.UUIDField(editable=False, null=True)),
        migrations.RunPython(give_references, migrations.RunPython.noop),
        migrations.AlterField(
            'order', 'reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
    ]
