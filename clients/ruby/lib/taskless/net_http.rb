# frozen_string_literal: true

# net_http: observes Net::HTTP, and with it all that is built on it: open-uri, Faraday, HTTParty,
# RestClient. SPDX-License-Identifier: Apache-2.0

module Taskless
  module NetHTTP
    # What a call is for whose connection was opened ahead of it, in this fiber: method and path.
    AHEAD = :_taskless_ahead

    def self.observe(kind)
      case kind.name
      when "Net::BufferedIO" then Patch.patch(kind, BufferedIO)
      when "Net::HTTPResponse" then Patch.patch(kind, Response)
      else
        Patch.patch(kind, Session)
        Patch.patch(kind, Shortcuts, singleton: true)
      end
    end

    # Of Net::HTTP. `@_taskless_call` is the call under way, expected from the moment that a connection
    # is made for it, `@_taskless_request` what it is to send.
    module Session
      def request(request, body = nil, &block)
        return _taskless_request(request, body, &block) if started?

        begin
          @_taskless_call = Native.expect(use_ssl?, @address, @port)
          @_taskless_request = request
          _taskless_request(request, body, &block)
        ensure
          @_taskless_call = @_taskless_request = nil
        end
      end

      def connect(&block)
        call = @_taskless_call || Native.expect(use_ssl?, @address, @port)
        _taskless_connect(&block)
      rescue Exception => error
        NetHTTP.unconnected(call, @_taskless_request, error) if call
        raise
      end

      # Before each try.
      def begin_transport(request, &block)
        call = @_taskless_call
        unless call&.expected?
          call&.close
          @_taskless_call = call = Native.expect(use_ssl?, @address, @port)
          @_taskless_request = request
        end
        result = _taskless_begin_transport(request, &block)
        @socket.instance_variable_set(:@_taskless_call, call)
        result
      end

      def transport_request(request, &block)
        _taskless_transport_request(request, &block)
      rescue Exception => error
        Ending.fail(@_taskless_call, error) if @_taskless_call
        raise
      ensure
        @_taskless_call&.close
        @_taskless_call = @_taskless_request = nil
        @socket&.instance_variable_set(:@_taskless_call, nil)
      end
    end

    # Of Net::HTTP itself: here the connection is opened before there is a request.
    module Shortcuts
      def get_response(where, path_or_headers = nil, port = nil, &block)
        outer = NetHTTP.ahead("GET", where, path_or_headers)
        _taskless_get_response(where, path_or_headers, port, &block)
      ensure
        Thread.current[AHEAD] = outer
      end

      def post(url, *rest, &block)
        outer = NetHTTP.ahead("POST", url)
        _taskless_post(url, *rest, &block)
      ensure
        Thread.current[AHEAD] = outer
      end

      def post_form(url, params, &block)
        outer = NetHTTP.ahead("POST", url)
        _taskless_post_form(url, params, &block)
      ensure
        Thread.current[AHEAD] = outer
      end
    end

    # Of Net::HTTPResponse.
    module Response
      def reading_body(socket, permitted, &block)
        call = socket.instance_variable_get(:@_taskless_call)
        return _taskless_reading_body(socket, permitted, &block) unless call

        begin
          result = _taskless_reading_body(socket, permitted, &block)
          call.eof
          result
        rescue Net::HTTPBadResponse, Net::ProtocolError => error
          Ending.fail(call, error)
          raise
        ensure
          # What went wrong with the connection was seen where it was read from; anything else the
          # block did, which is the program's.
          call.close
        end
      end
    end

    # Of Net::BufferedIO.
    module BufferedIO
      def write(*parts, &block)
        call = @_taskless_call or return _taskless_write(*parts, &block)
        begin
          call.sending(parts)
          written = _taskless_write(*parts, &block)
        rescue Exception => error
          # A server may answer before it has read everything, and hang up: then the answer counts.
          Ending.fail(call, error, now: false)
          raise
        end
        call.sent(parts)
        written
      end

      # Reads on into `@rbuf`. Where newer versions say that it is empty, what stands in it is old.
      def rbuf_fill(&block)
        call = @_taskless_call or return _taskless_rbuf_fill(&block)
        begin
          before = @rbuf_empty ? 0 : @rbuf.bytesize
          result = _taskless_rbuf_fill(&block)
        rescue Exception => error
          # Whoever called may be content with what there was before.
          Ending.fail(call, error, now: false)
          raise
        end
        call.received(@rbuf, before)
        result
      end
    end

    # Returns what was there before.
    def self.ahead(method, where, path = nil)
      outer = Thread.current[AHEAD]
      Thread.current[AHEAD] = [method, where, path]
      outer
    end

    def self.unconnected(call, request, error)
      Guard.guard("Net::HTTP") do
        method, where, path = Thread.current[AHEAD]
        path = where.request_uri if where.respond_to?(:request_uri)
        if request
          call.unsent(request.method, request.path, request.to_hash)
        else
          # Nobody knows yet what the connection is for.
          call.unsent(method ? method.to_s.upcase : "CONNECT", path.is_a?(String) ? path : "/", nil)
        end
        Ending.fail(call, error)
      end
    end
  end
end
