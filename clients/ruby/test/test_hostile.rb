# frozen_string_literal: true

# hostile: with each Pack that misbehaves (tests/hostile) a program is as it is without.
# SPDX-License-Identifier: Apache-2.0
require_relative "support/scenario"

class HostileTest < Minitest::Test
  include Scenario

  CACHE = File.join(FOLDER, "cache")
  PACKS = Dir.glob("#{BUILD}/hostile/*/pack.wasm").map { |file| File.basename(File.dirname(file)) }.sort

  # A configuration with this Pack alone, for the test's server.
  def configure(name)
    pack = "#{FOLDER}/packs/#{name}"
    FileUtils.mkdir_p(File.dirname(pack))
    FileUtils.cp_r("#{BUILD}/hostile/#{name}", pack)
    manifest = JSON.parse(File.read("#{pack}/manifest.json"))
    file = "#{FOLDER}/#{name}.json"
    File.write(file, JSON.generate(shipped: false, packs: [{ name: manifest["name"], from: pack, hosts: ["127.0.0.1"] }]))
    env = { "TASKLESS_CONFIG" => file, "TASKLESS_CACHE" => CACHE }
    # What cannot be compiled is for the run to show.
    Open3.capture2e({ **PLAIN, **env }, "#{BUILD}/bin/taskless", "compile")
    env
  end

  # What the log says of the Pack is meant for people.
  def without_log(outside)
    { **outside, "err" => outside["err"].gsub(/^taskless: .*\n/, "") }
  end

  def test_no_pack_is_noticed
    assert_operator(PACKS.size, :>, 30)
    plain = run_program("hostile.rb", on: false).outside
    assert_equal(42, plain["code"])
    PACKS.each do |name|
      seen = run_program("hostile.rb", on: true, client_env: configure(name))
      assert_equal(plain, without_log(seen.outside), name)
      assert_equal([402] * 3, seen.records.map { |record| record["status"] }, name)
    end
  end

  def test_a_crash_is_what_it_is_without
    plain = run_program("hostile.rb", "crash", on: false).outside
    assert_operator(plain["code"], :<, 0)
    seen = run_program("hostile.rb", "crash", on: true, client_env: configure("traps"))
    assert_equal(plain, without_log(seen.outside))
  end
end
