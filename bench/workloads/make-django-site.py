"""Make a Django project with the measures of a real site's, for measuring its set-up.

    python3 make-django-site.py FOLDER

48 apps beside eight of Django's own, 207 migrations and 118 tables in all, and 3,400 objects of about two kilobytes in
a fixture. As on a site that has grown: models of a dozen fields and more, which are related across apps and to users,
many to many too; later migrations that add and change fields of such models; an admin, forms and views for all of them,
which each command imports and checks; receivers that keep a search index up to date, also while fixtures are loaded;
and 20 tests.
"""

import pathlib
import sys

from django_files import write, write_project

folder = pathlib.Path(sys.argv[1])
APPS = [f'part{number:02}' for number in range(48)]
OBJECTS = 3400

DJANGO_APPS = [
    'django.contrib.admin',
    'django.contrib.auth',
    'django.contrib.contenttypes',
    'django.contrib.sessions',
    'django.contrib.messages',
    'django.contrib.sites',
    'django.contrib.redirects',
    'django.contrib.flatpages',
]

MORE_SETTINGS = '''SITE_ID = 1
ROOT_URLCONF = 'site_urls'
MIDDLEWARE = [
    'django.contrib.sessions.middleware.SessionMiddleware',
    'django.contrib.auth.middleware.AuthenticationMiddleware',
    'django.contrib.messages.middleware.MessageMiddleware',
]
TEMPLATES = [{
    'BACKEND': 'django.template.backends.django.DjangoTemplates',
    'OPTIONS': {'context_processors': [
        'django.template.context_processors.request',
        'django.contrib.auth.context_processors.auth',
        'django.contrib.messages.context_processors.messages',
    ]},
}]
'''

# Name, field at first, field in the end where a migration changes it; `None` at first: a migration adds it.
FIELDS = [
    ('title', 'CharField(max_length=120)', 'CharField(db_index=True, max_length=200)'),
    ('slug', "SlugField(max_length=120, unique=True)", None),
    ('summary', "TextField(blank=True, default='')", None),
    ('body', "TextField(blank=True, default='')", None),
    ('status', "CharField(choices=[('draft', 'Draft'), ('live', 'Live')], default='draft', max_length=10)", None),
    ('position', 'PositiveIntegerField(default=0)', None),
    ('price', 'DecimalField(decimal_places=2, default=0, max_digits=10)', None),
    ('is_public', 'BooleanField(default=False)', None),
    ('published', 'DateTimeField(blank=True, null=True)', None),
    ('created', 'DateTimeField(blank=True, null=True)', None),
    ('url', "URLField(blank=True, default='')", None),
    ('email', "EmailField(blank=True, default='', max_length=254)", None),
]

ID = "models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')"

LATER = [
    ("migrations.AddField('entry', 'seo_title', models.CharField(blank=True, default='', max_length=200))"),
    ("migrations.AlterField('entry', 'title', models.CharField(db_index=True, max_length=200))"),
    ("migrations.AddField('entry', 'weight', models.FloatField(default=0))"),
]

MIGRATION = '''from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [{dependencies}]

    operations = [{operations}]
'''


def relations(number):
    """Of an app's entry: to a user, to the app before, and to one a good deal before."""
    yield 'owner', "ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name='+', to={user})"
    if number > 0:
        yield 'previous', field_to(number - 1)
    if number > 8:
        yield 'related', field_to(number - 8)


def field_to(number):
    target = f"'{APPS[number]}.Entry'"
    return f"ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name='+', to={target})"


def models_of(number):
    lines = ['from django.conf import settings', 'from django.db import models', '', '', 'class Topic(models.Model):']
    lines += ["    name = models.CharField(max_length=80)", "    slug = models.SlugField(unique=True)", '', '']
    lines += ['class Entry(models.Model):']
    for name, first, last in FIELDS:
        lines.append(f'    {name} = models.{last or first}')
    for name, field in relations(number):
        lines.append(f"    {name} = models.{field.format(user='settings.AUTH_USER_MODEL')}")
    if number < 7:
        lines.append('    topics = models.ManyToManyField(Topic, blank=True)')
    lines += ["    seo_title = models.CharField(blank=True, default='', max_length=200)"]
    if later_of(number) > 2:
        lines += ['    weight = models.FloatField(default=0)']
    return '\n'.join(lines) + '\n'


def later_of(number):
    return 3 if number < 40 else 2


def create(number):
    fields = [f"('id', {ID})"]
    fields += [f"('{name}', models.{first})" for name, first, _ in FIELDS]
    user = 'settings.AUTH_USER_MODEL'
    fields += [f"('{name}', models.{field.format(user=user)})" for name, field in relations(number)]
    if number < 7:
        fields.append(f"('topics', models.ManyToManyField('{APPS[number]}.Topic', blank=True))")
    topic = f"""migrations.CreateModel('Topic', [('id', {ID}),
        ('name', models.CharField(max_length=80)), ('slug', models.SlugField(unique=True))])"""
    return topic + ",\n        migrations.CreateModel('Entry', [\n            " + ',\n            '.join(fields) + '])'


CONFIG = '''from django.apps import AppConfig


class Config(AppConfig):
    name = '{app}'

    def ready(self):
        from django.db.models.signals import post_save
        from {app}.models import Entry
        post_save.connect(index, sender=Entry)


def index(sender, instance, **kwargs):
    """What it would be found by."""
    from part00.models import Topic
    words = set((instance.title + ' ' + instance.body).lower().split())
    for word in sorted(words)[:3]:
        Topic.objects.update_or_create(slug=word[:50], defaults={{'name': word[:80]}})
'''


ADMIN = '''from django.contrib import admin

from {app}.forms import EntryForm
from {app}.models import Entry, Topic


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    form = EntryForm
    list_display = ['title', 'status', 'price', 'published']
    list_filter = ['status', 'is_public']
    search_fields = ['title', 'body']
    prepopulated_fields = {{'slug': ['title']}}
    date_hierarchy = 'published'


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ['name', 'slug']
'''

FORMS = '''from django import forms

from {app}.models import Entry, Topic


class EntryForm(forms.ModelForm):
    class Meta:
        model = Entry
        fields = '__all__'


class TopicForm(forms.ModelForm):
    class Meta:
        model = Topic
        fields = '__all__'


EntryFormSet = forms.modelformset_factory(Entry, form=EntryForm)
'''

VIEWS = '''from django.urls import path
from django.views import generic

from {app}.forms import EntryForm
from {app}.models import Entry


class EntryList(generic.ListView):
    model = Entry
    paginate_by = 20


class EntryDetail(generic.DetailView):
    model = Entry


class EntryCreate(generic.CreateView):
    model = Entry
    form_class = EntryForm


urlpatterns = [
    path('', EntryList.as_view()),
    path('new/', EntryCreate.as_view()),
    path('<slug:slug>/', EntryDetail.as_view()),
]
'''

TESTS = '''from django.test import TestCase

from part00.models import Topic


class TopicTests(TestCase):
    pass


def write_and_read(self):
    Topic.objects.create(name='one', slug='one')
    self.assertEqual(Topic.objects.get().name, 'one')


for number in range(20):
    setattr(TopicTests, 'test_%d' % number, write_and_read)
'''

URLS = f'''from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path('admin/', admin.site.urls),
    *(path(app + '/', include(app + '.views')) for app in {APPS!r}),
]
'''


write(folder, 'site_urls.py', URLS)
for number, app in enumerate(APPS):
    write(folder, f'{app}/__init__.py', '')
    write(folder, f'{app}/apps.py', CONFIG.format(app=app))
    write(folder, f'{app}/models.py', models_of(number))
    for name, text in ('admin', ADMIN), ('forms', FORMS), ('views', VIEWS):
        write(folder, f'{app}/{name}.py', text.format(app=app))
    write(folder, f'{app}/migrations/__init__.py', '')
    before = 'migrations.swappable_dependency(settings.AUTH_USER_MODEL)'
    if number > 0:
        before += f", ('{APPS[number - 1]}', '0001_initial')"
    write(folder, f'{app}/migrations/0001_initial.py', MIGRATION.format(dependencies=before, operations=create(number)))
    before = f"('{app}', '0001_initial')"
    for step, operation in enumerate(LATER[: later_of(number)]):
        name = f'{step + 2:04}_step'
        write(folder, f'{app}/migrations/{name}.py', MIGRATION.format(dependencies=before, operations=operation))
        before = f"('{app}', '{name}')"

write(folder, f'{APPS[0]}/tests.py', TESTS)
fixture = []
for number in range(OBJECTS):
    app = APPS[number % len(APPS)]
    words = ' '.join(f'word{(number * 7 + each) % 997}' for each in range(180))
    fields = {
        'title': f'Entry {number} of {app}',
        'slug': f'entry-{number}',
        'summary': words[:300],
        'body': words,
        'status': 'live',
        'position': number,
        'price': '12.50',
        'is_public': True,
        'published': '2026-01-01T00:00:00Z',
        'created': '2026-01-01T00:00:00Z',
        'url': f'https://example.com/{number}',
    }
    fixture.append({'model': f'{app}.entry', 'pk': number // len(APPS) + 1, 'fields': fields})
write_project(folder, DJANGO_APPS + APPS, fixture, MORE_SETTINGS)
