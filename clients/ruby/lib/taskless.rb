# frozen_string_literal: true

# taskless: what a program that loads the client by hand holds.
# SPDX-License-Identifier: Apache-2.0
# Observes the calls that this program makes to other services.
#
#     require "taskless/auto"                      # by what TASKLESS_* and taskless.yaml say
#     Taskless.load(outputs: "file:calls.ndjson")  # the same by hand
module Taskless
  # Reads files of this folder, each once, so that what measures a program's coverage passes them over:
  # it counts what is read by `require`.
  def self.read(*names)
    @read ||= {}
    names.reject { |name| @read[name] }.each do |name|
      path = File.join(__dir__, "taskless", "#{name}.rb")
      defined?(RubyVM::InstructionSequence) ? RubyVM::InstructionSequence.compile_file(path).eval : require(path)
      @read[name] = true
    end
  end

  read("guard", "client")

  # Begins to observe: true from then on, false when it cannot, which is said on standard error.
  #
  # directory: where Packs lie; config: taskless.yaml or .json; outputs: as TASKLESS_OUTPUT. What is
  # left out is taken from TASKLESS_*, then taskless.yaml. Never raises.
  def self.load(directory: nil, config: nil, outputs: nil)
    Client.start(directory, config, outputs)
  end

  # Adds one Pack from memory: manifest and configuration as a Hash or JSON text, wasm as bytes.
  #
  # Raises ArgumentError, which names what is wrong with it. False when nothing is observed.
  def self.add(manifest, wasm, configuration = nil)
    problem = Client.add(as_json(manifest), wasm, as_json(configuration))
    raise ArgumentError, "taskless: #{problem}" if problem

    problem.nil?
  end

  # Stops observing; true when all that had ended was written in that time. Calls under way count as
  # aborted.
  def self.shutdown(timeout_ms: Client::EXIT_MS)
    Client.stop(timeout_ms).zero?
  end

  def self.as_json(value)
    return value || "" if value.nil? || value.is_a?(String)

    require "json"
    JSON.generate(value)
  end
  private_class_method :as_json
end
