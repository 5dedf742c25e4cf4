# frozen_string_literal: true

# ending: how a call came to its end, by the exception that ended it.
# SPDX-License-Identifier: Apache-2.0
module Taskless
  module Ending
    # Of getaddrinfo, as other runtimes call it.
    LOOKUP = {
      /not known|no address/i => "ENOTFOUND",
      /temporary failure/i => "EAI_AGAIN",
      /non-recoverable/i => "EAI_FAIL",
    }.freeze
    # Where OpenSSL noticed that the other side had hung up.
    HUNG_UP = /unexpected eof|SSL_(read|write|connect).*Connection reset/i
    # Of an error that wraps the system's.
    WRAPPED = ->(error) { error.cause && Ending.code_of(error.cause) }
    # Those of a network by the name of their class, or of one it is made from; any other exception is
    # the application's, which gave the call up.
    KINDS = {
      "SystemCallError" => ->(error) { error.class.ancestors.join(" ")[/\bErrno::(\w+)/, 1] },
      "EOFError" => ->(_) { "ECONNRESET" },
      "Timeout::Error" => ->(_) { "ETIMEDOUT" },
      "IO::TimeoutError" => ->(_) { "ETIMEDOUT" },
      "SocketError" => ->(error) { LOOKUP.find { |words, _| words.match?(error.message) }&.last || "SocketError" },
      "OpenSSL::SSL::SSLError" => ->(error) { HUNG_UP.match?(error.message) ? "ECONNRESET" : "SSLError" },
      "Net::HTTPBadResponse" => ->(_) { "HTTPBadResponse" },
      "Net::HTTPHeaderSyntaxError" => ->(_) { "HTTPHeaderSyntaxError" },
      "Net::ProtocolError" => ->(_) { "ProtocolError" },
      "Resolv::ResolvError" => ->(_) { "ENOTFOUND" },
      "Excon::Error::Timeout" => ->(_) { "ETIMEDOUT" },
      "Excon::Error::ResponseParse" => ->(_) { "ResponseParse" },
      "Excon::Error::ProxyConnectionError" => ->(_) { "ProxyConnectionError" },
      "Excon::Error::Socket" => WRAPPED,
      "HTTP::TimeoutError" => ->(_) { "ETIMEDOUT" },
      "HTTP::ConnectionError" => ->(error) { WRAPPED.call(error) || "ECONNRESET" },
    }.freeze

    # Ends `call` by `error`; without `now` only if no answer comes. Aborted where the application gave
    # up, else failed, with a code and the error's words.
    def self.fail(call, error, now: true)
      Guard.guard("an error") do
        code = code_of(error)
        call.fail(code, error.message, now) if code
        call.close if now
      end
    end

    # nil: the application gave up.
    def self.code_of(error)
      error.class.ancestors.each do |kind|
        code = KINDS[kind.name]
        return code.call(error) if code
      end
      nil
    end
  end
end
