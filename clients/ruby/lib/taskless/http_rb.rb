# frozen_string_literal: true

# http_rb: observes the gem named http, whose module is HTTP.
# SPDX-License-Identifier: Apache-2.0

module Taskless
  module HTTPrb
    # The call that this fiber is about to send.
    SENDING = :_taskless_http

    def self.observe(kind)
      case kind.name
      when "HTTP::Client" then Patch.patch(kind, Client)
      when "HTTP::Connection" then Patch.patch(kind, Connection)
      else Patch.patch(kind, Writer)
      end
    end

    # Of HTTP::Client.
    module Client
      def perform(request, options, &block)
        outer = Thread.current[SENDING]
        begin
          call = Thread.current[SENDING] = HTTPrb.expect(request)
          _taskless_perform(request, options, &block)
        rescue Exception => error
          HTTPrb.fail(call, request, error) if call
          raise
        ensure
          Thread.current[SENDING] = outer
        end
      end
    end

    # Of HTTP::Connection. `@_taskless_call` is the one whose response is to be read.
    module Connection
      def send_request(request, &block)
        result = _taskless_send_request(request, &block)
        @_taskless_call = Thread.current[SENDING]
        result
      end

      def read_more(size, &block)
        call = @_taskless_call
        return _taskless_read_more(size, &block) if call.nil? || @parser.finished?

        begin
          result = _taskless_read_more(size, &block)
        rescue Exception => error
          Ending.fail(call, error)
          raise
        end
        result == :eof ? call.eof : call.received(@buffer)
        result
      end

      def close(&block)
        @_taskless_call&.close
        _taskless_close(&block)
      end
    end

    # Of HTTP::Request::Writer.
    module Writer
      def write(data, &block)
        call = Thread.current[SENDING] or return _taskless_write(data, &block)
        call.sending(data)
        written = _taskless_write(data, &block)
        call.sent(data)
        written
      end
    end

    def self.expect(request)
      uri = request.uri
      Native.expect(uri.https?, uri.host, uri.port)
    end

    def self.fail(call, request, error)
      Guard.guard("http") do
        call.unsent(request.verb.to_s.upcase, request.uri.request_uri, request.headers.to_a)
      end
      Ending.fail(call, error)
    end
  end
end
