import type { Generated } from './generated.ts'

/** `django-admin startproject` and `startapp`, with one model. */
export async function makeDjango(project: Generated): Promise<void> {
  await project.must('python -m django startproject shop . && python manage.py startapp catalog')
  project.edit('shop/settings.py', 'INSTALLED_APPS = [', "INSTALLED_APPS = [\n    'catalog',")
  project.write(
    'catalog/models.py',
    'from django.db import models\n\n\nclass Product(models.Model):\n    name = models.CharField(max_length=80)\n',
  )
  project.write(
    'catalog/tests.py',
    `from django.test import TestCase

from catalog.models import Product


class Products(TestCase):
    def test_are_kept(self):
        Product.objects.create(name='Green Tea')
        self.assertEqual(Product.objects.count(), 1)
`,
  )
  project.write('pytest.ini', '[pytest]\nDJANGO_SETTINGS_MODULE = shop.settings\npython_files = tests.py\n')
  await project.must('python manage.py makemigrations catalog')
}

/** `alembic init` and `alembic revision`. */
export async function makeAlembic(project: Generated): Promise<void> {
  await project.must('alembic init alembic')
  project.edit('alembic.ini', /^sqlalchemy\.url = .*$/m, 'sqlalchemy.url = sqlite:///shop.db')
  await project.must('alembic revision --message products --rev-id 2026')
  project.edit(
    'alembic/versions/2026_products.py',
    /def upgrade\(\) -> None:\n {4}pass/,
    `def upgrade() -> None:
    op.create_table("product", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(80)))`,
  )
  project.write(
    'app.py',
    `import sqlite3

print(sqlite3.connect("shop.db").execute("select count(*) from product").fetchone())
`,
  )
}

/** An app with Flask-SQLAlchemy and Flask-Migrate, `flask db init` and `flask db migrate`. */
export async function makeFlask(project: Generated): Promise<void> {
  project.write(
    'app.py',
    `import os

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL", "sqlite:///shop.db")
db = SQLAlchemy(app)
migrate = Migrate(app, db)


class Product(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), nullable=False)
`,
  )
  project.write(
    'test_app.py',
    `from app import app, db, Product


def test_products_are_kept():
    with app.app_context():
        db.session.add(Product(name="Green Tea"))
        db.session.commit()
        assert Product.query.count() == 1
`,
  )
  await project.must('flask db init && flask db migrate --message products --rev-id 1a2b')
}
