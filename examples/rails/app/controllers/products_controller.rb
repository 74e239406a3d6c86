class ProductsController < ActionController::API
  def index
    render json: Product.order(:name)
  end
end
