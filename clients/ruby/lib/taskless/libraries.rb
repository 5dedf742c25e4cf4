# frozen_string_literal: true

# libraries: notices that the program loads a library which makes calls; we load none of them.
# SPDX-License-Identifier: Apache-2.0
require_relative "patch"

module Taskless
  module Libraries
    # Class -> our file that observes it, by a method `observe` of the module that stands with it.
    CLASSES = {
      "Ethon::Easy" => ["ethon", :Ethon],
      "Excon::Connection" => ["excon", :Excon],
      "Excon::Response" => ["excon", :Excon],
      "Excon::Socket" => ["excon", :Excon],
      "Faraday::Adapter::NetHttp" => ["openers", :Openers],
      "HTTP::Client" => ["http_rb", :HTTPrb],
      "HTTP::Connection" => ["http_rb", :HTTPrb],
      "HTTP::Request::Writer" => ["http_rb", :HTTPrb],
      "Net::BufferedIO" => ["net_http", :NetHTTP],
      "Net::HTTP" => ["net_http", :NetHTTP],
      "Net::HTTPResponse" => ["net_http", :NetHTTP],
      "OpenURI::Buffer" => ["openers", :Openers],
      "RestClient::Request" => ["openers", :Openers],
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
        file, name = CLASSES.fetch(kind.name)
        require_relative file
        Taskless.const_get(name).observe(kind)
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
