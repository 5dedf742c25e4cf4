# frozen_string_literal: true

# say: what a program of these prints, so that two runs of it can be compared.
# SPDX-License-Identifier: Apache-2.0
require "digest"
require "uri"

PLAIN, SECURE = ENV.values_at("HTTP", "HTTPS")
$stdout.sync = true

CASES = {}

def add_case(name, &block)
  CASES[name.to_s] = block
end

def say(*values)
  puts values.map { |value| value.is_a?(String) ? value : value.inspect }.join(" ")
end

def say_bytes(what, data)
  say(what, data.bytesize, Digest::SHA256.hexdigest(data), data.encoding)
end

# Its class and words, those of what it was raised from, and where, but for lines of the client.
def say_error(error)
  while error
    say("error", error.class, error.full_message(highlight: false, order: :top).lines.first[/\(.*/].to_s, error.message.gsub(/0x[0-9a-f]+/, "_"))
    say(*error.backtrace.reject { |line| line.start_with?(ENV.fetch("TASKLESS_CLIENT")) })
    error = error.cause
  end
end

# Of the C library: it handles one of them from the first thread on, whoever starts that. No program
# can send, block or handle them.
SIGNALS_OF_GLIBC = 3 << 31

# Which signals are blocked, ignored and handled.
def say_signals
  File.readlines("/proc/self/status").grep(/^Sig(Blk|Ign|Cgt):/) do |line|
    kind, mask = line.split
    say(kind, format("%016x", mask.hex & ~SIGNALS_OF_GLIBC))
  end
end

# Runs the case that is named on the command line; what it raises is a part of what it says.
def main
  CASES.fetch(ARGV.first).call
rescue StandardError => error
  say_error(error)
end
