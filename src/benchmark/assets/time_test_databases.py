"""Make Django's test databases of the project in the working directory, and write how long that took: OUTPUT

It writes {"ms": …}, or {"reason": …} where it must not be tried: a test database that is not in memory may be somebody's.
"""

import json
import os
import sys
import time


def measure():
    sys.path.insert(0, os.getcwd())
    import django

    django.setup()
    from django.db import connections
    from django.test.utils import setup_test_environment

    # Mirrors of others have no database of their own.
    own = [each for each in connections.all() if not each.settings_dict['TEST'].get('MIRROR')]
    for connection in own:
        if connection.vendor != 'sqlite':
            return {'reason': 'the database %r is one of %s' % (connection.alias, connection.vendor)}
        if not connection.creation.is_in_memory_db(connection.creation._get_test_db_name()):
            return {'reason': 'the test database of %r is a file' % connection.alias}
    setup_test_environment()
    # As `manage.py test` does by default: later versions only where tests ask for it.
    serialize = django.VERSION < (4, 0)
    started = time.perf_counter()
    for connection in own:
        connection.creation.create_test_db(verbosity=0, serialize=serialize)
    return {'ms': 1000 * (time.perf_counter() - started)}


found = measure()
with open(sys.argv[1], 'w', encoding='utf-8') as file:
    json.dump(found, file)
