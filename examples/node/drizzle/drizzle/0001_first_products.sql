INSERT INTO products (name, price_cents) VALUES ('Green Tea', 450), ('Roast & Ground', 790);
