module Shop
  module Slug
    def self.of(name)
      name.downcase.gsub(/[^a-z0-9]+/, '-')
    end
  end
end
