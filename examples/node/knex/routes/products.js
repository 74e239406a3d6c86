module.exports = async (database, _request, response) => {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(await database('products')))
}
