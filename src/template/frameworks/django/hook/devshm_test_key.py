"""What a test database depends on: fact by fact, so that a miss can be explained, and as one key."""

import os
import platform
import sqlite3
import sys
import time
import warnings
import weakref
from importlib import import_module
from importlib.util import find_spec

stable = load('devshm_stable')  # noqa: F821
sources = load('devshm_test_sources')  # noqa: F821

FORMAT = 1

# Random by nature; and what is a fact of its own.
NOT_COMPARED = {'SECRET_KEY', 'SECRET_KEY_FALLBACKS', 'DATABASES', 'SETTINGS_MODULE'}
# What lies on the path is seen in what is imported from there.
OURS = {'PYTHONPATH', 'DEVSHM_DJANGO'}
# Where the database is, and how Django goes about making several.
OF_THE_PLACE = {'NAME', 'DEPENDENCIES', 'SERIALIZE'}


class Key:
    """Of the test database that `migrate` is about to make on a connection. Imports what `migrate` would import first."""

    def __init__(self, connection, options, base):
        from django.apps import apps
        from django.conf import settings

        self.sources = sources.Sources(base)
        self.stable = stable.Stable(base['root'])
        self.facts = {}
        self.packages = sources.installed_packages(self.sources.package_folders)
        self.looked_at = time.time_ns()
        # The command may have written some before it came to its tests.
        self.inputs = self.sources.as_they_are(base['inputs'], base['lookedAt'] * 1_000_000)
        self.described = {'root': base['root'], 'builtAt': base['startedAt'], 'inputs': self.inputs}
        self.note_programs(connection, options, settings)
        self.note_variables(base['variables'])
        self.note_settings(settings)
        for config in apps.get_app_configs():
            self.note_app(config)
        self.note_code(connection)
        parts = [FORMAT, self.inputs, self.facts, self.packages, self.sources.hashed]
        self.value = stable.digest(parts)

    def note_programs(self, connection, options, settings):
        import django

        self.facts['python'] = platform.python_implementation() + ' ' + sys.version.partition(' (')[0]
        self.facts['sqlite'] = sqlite3.sqlite_version
        self.facts['django'] = django.__version__
        self.facts['alias'] = connection.alias
        self.facts['settings'] = getattr(settings, 'SETTINGS_MODULE', None) or 'configured'
        matters = {name: value for name, value in options.items() if name not in ('verbosity', 'interactive')}
        self.facts['migrate'] = stable.digest(self.stable.of(matters))

    def note_variables(self, names):
        for name in names:
            if name in os.environ and name not in OURS:
                self.facts['variable ' + name] = stable.digest(self.stable.of(os.environ[name]))

    def note_settings(self, settings):
        with warnings.catch_warnings():
            # Of Django's about settings that are going to go: nobody asked for them here.
            warnings.simplefilter('ignore')
            for name in dir(settings):
                if name.isupper() and name not in NOT_COMPARED:
                    self.facts['setting ' + name] = stable.digest(self.stable.of(getattr(settings, name, None)))
        for alias, database in settings.DATABASES.items():
            kept = {name: database.get(name) for name in ('ENGINE', 'OPTIONS', 'TIME_ZONE', 'ATOMIC_REQUESTS')}
            kept['TEST'] = {name: value for name, value in database.get('TEST', {}).items() if name not in OF_THE_PLACE}
            self.facts['database ' + alias] = stable.digest(self.stable.of(kept))

    def note_app(self, config):
        from django.db.migrations.loader import MigrationLoader
        from django.utils.module_loading import module_has_submodule

        # As `migrate` does: it may connect receivers.
        if module_has_submodule(config.module, 'management'):
            import_module('.management', config.name)
        name, is_explicit = MigrationLoader.migrations_module(config.label)
        models = list(config.get_models(include_auto_created=True, include_swapped=True))
        names = [model.__module__ + '.' + model.__qualname__ + ' ' + model._meta.db_table for model in models]
        self.facts['app ' + config.label] = stable.digest([config.name, name, is_explicit, names])
        for model in models:
            for each in (*model.__mro__, *map(type, model._meta.local_fields)):
                self.sources.note_module(each.__module__)
        if name is not None:
            self.note_migrations(name)

    def note_migrations(self, name):
        try:
            spec = find_spec(name)
        except ModuleNotFoundError:
            spec = None
        for folder in (spec and spec.submodule_search_locations) or ():
            if self.sources.is_installed(folder):
                continue
            if not all(map(self.sources.cover, sources.modules_in(folder))):
                self.sources.note_package(name, folder)

    def note_code(self, connection):
        """Of this database's engine, of the routers, the receivers and of `migrate` itself, where they are the project's."""
        from django.db import router

        classes = [type(connection), connection.SchemaEditorClass, *map(type, router.routers), migrate_command()]
        names = [each.__module__ for kind in classes for each in kind.__mro__]
        for receiver in receivers():
            names.append(getattr(receiver, '__module__', None))
        for name in names:
            self.sources.note_module(name)
        self.facts['receivers'] = stable.digest(sorted(map(str, map(self.stable.of, receivers()))))


def migrate_command():
    from django.core.management import get_commands, load_command_class

    app = get_commands()['migrate']
    return type(load_command_class(app, 'migrate') if isinstance(app, str) else app)


def receivers():
    """Those of `pre_migrate` and `post_migrate`."""
    from django.db.models.signals import post_migrate, pre_migrate

    # Each entry is a key, and the function or a reference to it, and more from Django 5 on.
    references = [entry[1] for signal in (pre_migrate, post_migrate) for entry in signal.receivers]
    live = [each() if isinstance(each, weakref.ref) else each for each in references]
    return [each for each in live if each is not None]
