Rails.application.routes.draw { resources :products, only: :index }
