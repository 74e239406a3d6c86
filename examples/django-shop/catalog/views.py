from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .models import Product


@require_safe
def product_list(request):
    products = Product.objects.on_sale().select_related('category').order_by('category__name', 'name')
    return render(request, 'catalog/product_list.html', {'products': products})


@require_safe
def api_products(request):
    products = Product.objects.select_related('category')
    return JsonResponse({
        'products': [
            {
                'sku': product.sku,
                'name': product.name,
                'category': product.category.slug,
                'price': str(product.price),
                'stock': product.stock,
            }
            for product in products
        ],
    })
