import { expect, test } from './fixtures.ts'

// Three tests for two workers: one of these finds the database that another one has used.
for (const customer of ['ada', 'grace', 'joan']) {
  test(`${customer} orders the first tea of the shop`, async ({ page, db }) => {
    await page.goto('/')
    await expect(page.getByText('(TEA-0007)')).toContainText('386 in stock')
    await page.getByLabel('E-mail').fill(`${customer}@example.com`)
    await page.getByLabel('SKU').fill('TEA-0007')
    await page.getByLabel('Quantity').fill('380')
    await page.getByRole('button', { name: 'Order' }).click()
    await expect(page.getByText(`${customer},`)).toBeVisible()
    await page.getByRole('link', { name: 'Back to the shop' }).click()
    await expect(page.getByText('(TEA-0007)')).toContainText('6 in stock')
    const sold = db.connect().prepare('select sum(quantity) as n from orders_orderline where price = 40.4').get()
    expect(Number(sold?.['n'])).toBeGreaterThanOrEqual(380)
  })
}
