"""Says of a setting's value what is the same in every process that has the same settings."""

import datetime
import decimal
import enum
import functools
import hashlib
import json
import os
import re
import tempfile
import types
import uuid

PLAIN = (type(None), bool, int, float, complex, datetime.date, datetime.time, datetime.timedelta, decimal.Decimal, uuid.UUID)
CALLABLE = (type, types.FunctionType, types.BuiltinFunctionType, types.MethodType)

# As `mkdtemp` and `NamedTemporaryFile` name what they make: test settings often have such a MEDIA_ROOT.
RANDOM_NAME = re.compile(re.escape(tempfile.gettempdir()) + r'/tmp[a-z0-9_]{8}')


def digest(value):
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(',', ':'))
    return hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()


class Stable:
    """Represents values as JSON has them. A path in the project is the same in every copy of it."""

    def __init__(self, root):
        self.roots = sorted({root, os.path.realpath(root)}, key=len, reverse=True)

    def of(self, value, within=()):
        # Not `isinstance`: it would make a lazy object ask for its value, which may do anything.
        made_of = type(value)
        if id(value) in within:
            return '(itself)'
        if issubclass(made_of, str):
            return self.text(value)
        if issubclass(made_of, (enum.Enum, *PLAIN)):
            return [kind(value), repr(value)]
        if issubclass(made_of, bytes):
            return ['bytes', value.hex()]
        if issubclass(made_of, os.PathLike):
            return ['path', self.text(os.fsdecode(value))]
        if issubclass(made_of, CALLABLE):
            return ['code', value.__module__, value.__qualname__]
        within = (*within, id(value))
        if issubclass(made_of, dict):
            items = [[self.of(key, within), self.of(each, within)] for key, each in value.items()]
            return ['dict', sorted(items, key=json.dumps)]
        if issubclass(made_of, (list, tuple)):
            return [self.of(each, within) for each in value]
        if issubclass(made_of, (set, frozenset)):
            return ['set', sorted((self.of(each, within) for each in value), key=json.dumps)]
        if issubclass(made_of, re.Pattern):
            return ['pattern', self.of(value.pattern), value.flags]
        if issubclass(made_of, functools.partial):
            return ['partial', *(self.of(each, within) for each in (value.func, value.args, value.keywords))]
        if kind(value) == 'django.utils.functional.lazy.<locals>.__proxy__':
            # A text that is translated later: by what it is made from, in no language.
            return ['lazy', self.of(value.__reduce__()[1][:3], within)]
        return ['object', kind(value)]

    def text(self, value):
        for root in self.roots:
            value = value.replace(root, '.')
        return RANDOM_NAME.sub('(random)', value)


def kind(value):
    return type(value).__module__ + '.' + type(value).__qualname__
