ALTER TABLE `products` ADD `slug` text;--> statement-breakpoint
UPDATE products SET slug = lower(replace(replace(name, '& ', ''), ' ', '-'));
