# frozen_string_literal: true

# libraries: notices that the program loads a library which makes calls; we load none of them.
# SPDX-License-Identifier: Apache-2.0

module Taskless
  module Libraries
    # Class -> the module of ours that observes it, by its method `observe`.
    CLASSES = {
      "Ethon::Easy" => :Ethon,
      "Excon::Connection" => :Excon,
      "Excon::Response" => :Excon,
      "Excon::Socket" => :Excon,
      "Faraday::Adapter::NetHttp" => :Openers,
      "HTTP::Client" => :HTTPrb,
      "HTTP::Connection" => :HTTPrb,
      "HTTP::Request::Writer" => :HTTPrb,
      "Net::BufferedIO" => :NetHTTP,
      "Net::HTTP" => :NetHTTP,
      "Net::HTTPResponse" => :NetHTTP,
      "OpenURI::Buffer" => :Openers,
      "RestClient::Request" => :Openers,
    }.freeze

    # Observes what is there already, and the rest when it comes.
    def self.start
      CLASSES.each_key do |name|
        came(Object.const_get(name)) if there?(name)
      end
      Native.wait_for(CLASSES, self)
    end

    def self.stop
      Native.wait_for(CLASSES, nil)
    end

    # By the native file: `kind` is there, still without methods if it is only now being made.
    def self.came(kind)
      Guard.guard(kind) do
        Taskless.const_get(CLASSES.fetch(kind.name)).observe(kind)
      end
    end

    # Without loading what would be loaded for the name.
    def self.there?(name)
      name.split("::").inject(Object) do |outer, inner|
        return false if outer.autoload?(inner) || !outer.const_defined?(inner, false)

        outer.const_get(inner, false)
      end
      true
    end
    private_class_method :there?
  end
end
