# frozen_string_literal: true

# http_rb: observes the gem named http, whose module is HTTP.
# SPDX-License-Identifier: Apache-2.0
require_relative "ending"

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
      def perform(request, options)
        outer = Thread.current[SENDING]
        begin
          call = Thread.current[SENDING] = HTTPrb.expect(request)
          _taskless_perform(request, options)
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
      def send_request(request)
        result = _taskless_send_request(request)
        @_taskless_call = Thread.current[SENDING]
        result
      end

      def read_more(size)
        call = @_taskless_call
        return _taskless_read_more(size) if call.nil? || @parser.finished?

        begin
          result = _taskless_read_more(size)
        rescue Exception => error
          Ending.fail(call, error)
          raise
        end
        result == :eof ? call.eof : call.received(@buffer)
        result
      end

      def close
        @_taskless_call&.close
        _taskless_close
      end
    end

    # Of HTTP::Request::Writer.
    module Writer
      def write(data)
        call = Thread.current[SENDING] or return _taskless_write(data)
        call.sending(data)
        written = _taskless_write(data)
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
