"""What the generated Django projects have in common."""
import json

MANAGE = '''import os
import sys

os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site_settings')
from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
'''

SETTINGS = '''from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent
SECRET_KEY = 'for measuring only'
INSTALLED_APPS = [
    {apps},
]
{more}DATABASES = {{'default': {{'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}}}
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
USE_TZ = True
'''


def write(folder, path, text):
    path = folder / path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def write_project(folder, apps, fixture, more=''):
    """`manage.py`, settings with those apps and `more`, a fixture of all objects, and the set-up of both for devshm."""
    write(folder, 'manage.py', MANAGE)
    write(folder, 'site_settings.py', SETTINGS.format(apps=',\n    '.join(map(repr, apps)), more=more))
    write(folder, 'fixtures/all.json', json.dumps(fixture))
    write(folder, 'devshm.config.json', json.dumps({
        'setup': [
            {'run': '/usr/bin/python3 manage.py migrate --noinput', 'inputs': [], 'incremental': True},
            {'run': '/usr/bin/python3 manage.py loaddata fixtures/all.json', 'inputs': ['fixtures/*.json']},
        ],
    }))
