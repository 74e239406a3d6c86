"""Starts what DEVSHM_DJANGO says is to be done:

    {"folder": "/private/python", "leads": [{"from": ["/project/db.sqlite3", ...], "to": "/private/new.sqlite3"}],
     "live": [{"leads": [...], "signs": "/private/signs"}], "tests": {...}}

`devshm_leads`, `devshm_live` and `devshm_test_databases` say what the last three mean; "folder" is this one.

No function of this folder that runs later has the name of a file: what measures or traces code, such as coverage, leaves
it out for that, and would otherwise look for files that are gone by then.
"""

import json
import os
import sys
import types


def load(name):
    """A module of this folder, which finds this function among its globals."""
    if name in sys.modules:
        return sys.modules[name]
    with open(os.path.join(HERE, name + '.py'), encoding='utf-8') as file:  # noqa: F821
        code = compile(file.read(), '<' + name + '>', 'exec')
    module = types.ModuleType(name)
    module.load = load
    exec(code, module.__dict__)
    sys.modules[name] = module
    return module


def start(told):
    after_import = load('devshm_after_import').after_import
    if told.get('leads') or told.get('live'):
        load('devshm_leads').start(told.get('leads') or [], told.get('live') or [], after_import)
    if told.get('tests'):
        name = 'django.db.backends.base.creation'
        after_import(name, lambda module: load('devshm_test_databases').start(told['tests'], module))


# There may be a second copy of this folder on the path: that of a command of devshm's around this one.
if __name__ not in sys.modules:
    sys.modules[__name__] = types.ModuleType(__name__)
    start(json.loads(os.environ['DEVSHM_DJANGO']))
