"""CHECK constraints that are spelled the same for every supported Django."""

import django
from django.db.models import CheckConstraint


def check(condition, name):
    """Django 5.1 renamed the argument `check` to `condition`, and 6.0 dropped the old name."""
    keyword = 'condition' if django.VERSION >= (5, 1) else 'check'
    return CheckConstraint(name=name, **{keyword: condition})
