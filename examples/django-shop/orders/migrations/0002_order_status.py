from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('orders', '0001_initial')]

    operations = [
        migrations.AddField(
            'order',
            'status',
            models.CharField(
                choices=[('placed', 'Placed'), ('paid', 'Paid'), ('shipped', 'Shipped')],
                default='placed',
                max_length=10,
            ),
        ),
        migrations.AddIndex('order', models.Index(fields=['status', 'placed_at'], name='order_by_status')),
    ]
