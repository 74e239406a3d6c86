ActiveSupport::Inflector.inflections(:en) { |inflect| inflect.uncountable 'tea' }
