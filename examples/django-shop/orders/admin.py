from django.contrib import admin

from .models import Customer, Order, OrderLine, ShippingMethod


class OrderLineInline(admin.TabularInline):
    model = OrderLine
    extra = 0


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    date_hierarchy = 'placed_at'
    inlines = [OrderLineInline]
    list_display = ['reference', 'customer', 'status', 'placed_at', 'total']
    list_filter = ['status', 'shipping']


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    list_display = ['name', 'email']
    search_fields = ['name', 'email']


@admin.register(ShippingMethod)
class ShippingMethodAdmin(admin.ModelAdmin):
    list_display = ['name', 'code', 'price']
