Rails.application.configure do
  config.cache_classes = false
  config.eager_load = false
  config.log_level = ENV.fetch('SHOP_LOG_LEVEL', 'info').to_sym
end
