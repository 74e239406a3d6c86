from django import forms


class OrderForm(forms.Form):
    email = forms.EmailField()
    sku = forms.CharField(max_length=8)
    quantity = forms.IntegerField(min_value=1, max_value=1000)

    def basket(self):
        return {self.cleaned_data['sku']: self.cleaned_data['quantity']}
