# frozen_string_literal: true

# openers: libraries that have Net::HTTP open a connection before they give it a request. What for is
# known here; the rest is seen there. SPDX-License-Identifier: Apache-2.0

module Taskless
  module Openers
    def self.observe(kind)
      case kind.name
      when "Faraday::Adapter::NetHttp" then Patch.patch(kind, Faraday)
      when "RestClient::Request" then Patch.patch(kind, RestClient)
      else Patch.patch(::OpenURI, OpenURI, singleton: true)
      end
    end

    # Of Faraday::Adapter::NetHttp.
    module Faraday
      def call(env, &block)
        outer = NetHTTP.ahead(env[:method], env[:url])
        _taskless_call(env, &block)
      ensure
        Thread.current[NetHTTP::AHEAD] = outer
      end
    end

    # Of RestClient::Request.
    module RestClient
      def transmit(uri, request, payload, &block)
        outer = NetHTTP.ahead(request.method, uri)
        _taskless_transmit(uri, request, payload, &block)
      ensure
        Thread.current[NetHTTP::AHEAD] = outer
      end
    end

    # Of the module OpenURI itself.
    module OpenURI
      def open_http(buffer, target, *rest, &block)
        outer = NetHTTP.ahead("GET", target)
        _taskless_open_http(buffer, target, *rest, &block)
      ensure
        Thread.current[NetHTTP::AHEAD] = outer
      end
    end
  end
end
