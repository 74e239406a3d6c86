from django.contrib import admin
from django.urls import path

from catalog import views as catalog
from orders import views as orders

urlpatterns = [
    path('', catalog.product_list, name='product-list'),
    path('orders/', orders.place_order, name='place-order'),
    path('orders/<uuid:reference>/', orders.order_page, name='order-page'),
    path('api/products/', catalog.api_products),
    path('api/orders/', orders.api_orders),
    path('admin/', admin.site.urls),
]
