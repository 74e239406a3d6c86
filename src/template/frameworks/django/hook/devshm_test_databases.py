"""Fills test databases of Django's from templates, instead of replaying migrations.

Where `create_test_db` would run `migrate` on an SQLite database that is empty, a template of the same key is copied into
it. Where there is none, Django migrates as always, and what came of it becomes the template. What became of each database
is written to a file, for devshm to tell.

Whatever fails here: Django then migrates an empty database, as it would have without us.
"""

import functools
import json
import os
import time

WAIT_SECONDS = 30

# All that these do is in the template. Others may do more than that: for them `migrate` runs, with nothing left to do.
RECEIVERS_THAT_FILL_DATABASES = {
    'django.contrib.auth.management',
    'django.contrib.contenttypes.management',
    'django.contrib.sites.management',
}
# That of pytest-django is Django's, but silent.
MIGRATE_COMMANDS = {'django.core.management.commands.migrate', 'pytest_django.fixtures'}


def start(told, creation):
    """@param creation the module `django.db.backends.base.creation`"""
    base = creation.BaseDatabaseCreation
    original = base.create_test_db

    @functools.wraps(original)
    def create_test_db(self, *args, **kwargs):
        if self.connection.vendor != 'sqlite':
            return original(self, *args, **kwargs)
        with Making(self, told, base.serialize_db_to_string) as making:
            name = original(self, *args, **kwargs)
        making.end()
        return name

    base.create_test_db = create_test_db


class Making:
    """One test database on its way."""

    def __init__(self, creation, told, serialize):
        self.creation = creation
        self.connection = creation.connection
        self.told = told
        self.djangos_serialize = serialize
        self.report = {'alias': self.connection.alias}
        self.template = None

    def __enter__(self):
        from django.core import management

        # `create_test_db` takes it from there when it runs.
        self.management, self.call_command = management, management.call_command
        management.call_command = self.called
        if type(self.creation).serialize_db_to_string is self.djangos_serialize:
            self.creation.serialize_db_to_string = self.serialize
        return self

    def __exit__(self, *_):
        self.management.call_command = self.call_command

    def called(self, name, *args, **options):
        run = functools.partial(self.call_command, name, *args, **options)
        if name != 'migrate' or options.get('database') != self.connection.alias:
            return run()
        self.management.call_command = self.call_command
        began = time.perf_counter()
        self.template = self.attempt(self.find_template, options)
        if self.template is None:
            return run()
        is_hit = self.attempt(self.template.fill)
        self.report['ms'] = round(1000 * (time.perf_counter() - began), 1)
        return self.after_hit(run, options) if is_hit else self.after_miss(run)

    def find_template(self, options):
        """@returns None where there is something in the database: it is kept from the last time, or a plug-in's work"""
        module = load('devshm_test_template')  # noqa: F821
        self.connection.ensure_connection()
        if not module.is_empty(self.connection.connection):
            self.report.update(outcome='left alone', reason='it is not empty')
            return None
        key = load('devshm_test_key').Key(self.connection, options, read_base(self.told))  # noqa: F821
        self.report.update(key=key.value, facts=key.facts, packages=key.packages, hashed=key.sources.hashed)
        return module.Template(key, self.connection, self.told['cache'])

    def after_hit(self, run, options):
        self.report['outcome'] = 'hit'
        if self.attempt(must_run, options) is False:
            return None
        try:
            return run()
        except Exception as error:
            self.fail(error)
            self.template.make_empty()
            return run()

    def after_miss(self, run):
        self.template.make_empty()
        self.report.setdefault('outcome', 'miss')
        if self.template.outdated_by is not None:
            self.report['reason'] = self.template.outdated_by + ' has changed, which the migrations had imported'
        watch = load('devshm_test_watch').Watch()  # noqa: F821
        self.attempt(watch.start, self.connection)
        try:
            result = run()
        finally:
            watch.stop()
        self.attempt(self.template.stage, watch)
        return result

    def serialize(self):
        """For `serialized_rollback`, now or once all databases are there. It takes as long as all the rest."""
        vars(self.creation).pop('serialize_db_to_string', None)
        kept = self.template and self.attempt(self.template.read_serialized)
        if kept is not None:
            return kept
        content = self.djangos_serialize(self.creation)
        if self.template is not None:
            self.attempt(self.template.add_serialized, content)
        return content

    def end(self):
        if self.template is not None:
            self.report['kept'] = self.attempt(self.template.keep, self.report)
        self.attempt(self.tell)

    def attempt(self, action, *arguments):
        try:
            return action(*arguments)
        except Exception as error:
            self.fail(error)
            return None

    def fail(self, error):
        self.report['reason'] = str(error) or type(error).__name__
        if not isinstance(error, load('devshm_test_sources').Doubt):  # noqa: F821
            self.report['outcome'] = 'failed'
        else:
            self.report.setdefault('outcome', 'left alone')

    def tell(self):
        """One line in one write: other processes add theirs."""
        if 'outcome' not in self.report:
            return
        line = json.dumps(self.report).encode() + b'\n'
        file = os.open(os.path.join(self.told['folder'], 'reports.jsonl'), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line)
        finally:
            os.close(file)


def must_run(options):
    """Whether `migrate` has to run although nothing is left to do: it would do, or say, what is not in the template."""
    key = load('devshm_test_key')  # noqa: F821
    if options.get('verbosity', 1) > 0 or key.migrate_command().__module__ not in MIGRATE_COMMANDS:
        return True
    return any(getattr(each, '__module__', None) not in RECEIVERS_THAT_FILL_DATABASES for each in key.receivers())


def read_base(told):
    """What devshm knows of the project's files. It finds that out while Django starts."""
    folder = told['folder']
    give_up = time.monotonic() + WAIT_SECONDS
    while True:
        is_looking = os.path.exists(os.path.join(folder, 'looking'))
        try:
            with open(os.path.join(folder, 'base.json'), encoding='utf-8') as file:
                return json.load(file)
        except FileNotFoundError:
            if not is_looking or time.monotonic() > give_up:
                raise RuntimeError('devshm could not look at the files of the project') from None
            # Where it has ended, this fails.
            os.kill(told['pid'], 0)
            time.sleep(0.002)
