# frozen_string_literal: true

# excon: observes Excon, and with it what is built on it: fog, docker-api.
# SPDX-License-Identifier: Apache-2.0

module Taskless
  module Excon
    # The call that this fiber is about to send.
    SENDING = :_taskless_excon

    def self.observe(kind)
      case kind.name
      when "Excon::Connection" then Patch.patch(kind, Connection)
      when "Excon::Socket" then Patch.patch(kind, Socket)
      else Patch.patch(kind, Parser, singleton: true)
      end
    end

    # Of Excon::Connection.
    module Connection
      def request_call(datum, &block)
        # What stands in for servers in tests has answered already.
        return _taskless_request_call(datum, &block) if datum.key?(:response)

        outer = Thread.current[SENDING]
        begin
          call = Thread.current[SENDING] = Excon.expect(datum)
          _taskless_request_call(datum, &block)
        rescue Exception => error
          Excon.fail(call, datum, error) if call
          raise
        ensure
          Thread.current[SENDING] = outer
        end
      end
    end

    # Of Excon::Socket. `@_taskless_calls` are those that were sent, `@_taskless_call` is the one whose
    # response is being read.
    module Socket
      def write(data, &block)
        call = Thread.current[SENDING] or return _taskless_write(data, &block)
        if call.expected?
          call.sending(data)
          (@_taskless_calls ||= []) << call
        end
        written = _taskless_write(data, &block)
        call.sent(data)
        written
      end

      def read(*size, &block)
        Excon.tell(@_taskless_call) { _taskless_read(*size, &block) }
      end

      def readline(&block)
        Excon.tell(@_taskless_call) { _taskless_readline(&block) }
      end
    end

    # Of Excon::Response itself.
    module Parser
      def parse(socket, datum, &block)
        call = socket.instance_variable_get(:@_taskless_calls)&.shift or return _taskless_parse(socket, datum, &block)
        begin
          socket.instance_variable_set(:@_taskless_call, call)
          result = _taskless_parse(socket, datum, &block)
          call.eof
          result
        rescue ::Excon::Error::ResponseParse => error
          Ending.fail(call, error)
          raise
        ensure
          # What went wrong with the connection was seen where it was read from; anything else the
          # program's block did.
          call.close
          socket.instance_variable_set(:@_taskless_call, nil)
        end
      end
    end

    def self.expect(datum)
      Native.expect(datum[:scheme] == "https", datum[:host], datum[:port])
    end

    def self.fail(call, datum, error)
      Guard.guard("Excon") do
        target = "#{datum[:path]}#{::Excon::Utils.query_string(datum)}"
        call.unsent(datum[:method].to_s.upcase, target, datum[:headers].to_a)
      end
      Ending.fail(call, error)
    end

    def self.tell(call)
      part = yield
      if part
        call&.received(part)
      else
        # Which is an error unless all that was promised is there.
        call&.fail("ECONNRESET", "the connection ended before the body did", false)
      end
      part
    rescue Exception => error
      Ending.fail(call, error, now: false) if call
      raise
    end
  end
end
