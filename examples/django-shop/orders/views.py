from django.http import HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .forms import OrderForm
from .models import Order
from .services import CannotOrder, place_order as place


@require_safe
def order_page(request, reference):
    order = get_object_or_404(Order.objects.select_related('customer', 'shipping'), reference=reference)
    return render(request, 'orders/order_page.html', {'order': order})


@require_POST
def place_order(request):
    form = OrderForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(form.errors.as_text(), content_type='text/plain')
    try:
        return redirect(place(form.cleaned_data['email'], form.basket()))
    except CannotOrder as problem:
        return HttpResponseBadRequest(str(problem), content_type='text/plain')


@csrf_exempt
@require_http_methods(['GET', 'HEAD', 'POST'])
def api_orders(request):
    if request.method != 'POST':
        orders = Order.objects.values_list('reference', flat=True)
        return JsonResponse({'orders': [str(reference) for reference in orders]})
    form = OrderForm(request.POST)
    if not form.is_valid():
        return JsonResponse({'errors': form.errors}, status=400)
    try:
        order = place(form.cleaned_data['email'], form.basket())
    except CannotOrder as problem:
        return JsonResponse({'errors': {'sku': [str(problem)]}}, status=409)
    return JsonResponse({'reference': str(order.reference), 'total': str(order.total)}, status=201)
