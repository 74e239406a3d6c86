from django.core.management.base import BaseCommand
from django.db.models import F

from catalog.models import Product


class Command(BaseCommand):
    help = 'Book in a delivery piece by piece, as the scanner at the door does: one commit each.'

    def add_arguments(self, parser):
        parser.add_argument('--pieces', type=int, default=1, help='of each product')

    def handle(self, pieces, **options):
        skus = list(Product.objects.values_list('sku', flat=True))
        for sku in skus * pieces:
            Product.objects.filter(sku=sku).update(stock=F('stock') + 1)
        self.stdout.write(f'{len(skus) * pieces} pieces received')
