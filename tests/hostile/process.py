"""process: what an application may do to itself, and what it must not notice of us."""

import os
import shutil
import unittest

from desk import COMPANIONS, Desk, build_folder

BUILD = build_folder()
NOBODY = 65534


class Process(unittest.TestCase):
    def setUp(self):
        self.desk = Desk(BUILD).__enter__()
        self.addCleanup(self.desk.__exit__)
        for name in COMPANIONS:
            self.desk.add_pack(name, wasm_of="behaves")
        self.desk.add_pack("traps")
        self.desk.configure([COMPANIONS[0], "traps", COMPANIONS[1]])
        self.desk.compile()

    def check_observed(self, result):
        self.assertTrue(result.is_untouched(), result)
        for record in result.records:
            self.assertIs(record["captures"]["after/post"], True)

    def test_log_never_ends_a_program_whose_log_nobody_reads(self):
        # One line comes from the program's own thread, where SIGPIPE would end it.
        self.desk.add_pack("bad", wasm_of="behaves", changes={"version": 1})
        self.desk.configure([COMPANIONS[0], "bad", "traps", COMPANIONS[1]])
        self.check_observed(self.desk.run("declined", times=10, options=("--no-stderr",)))

    def test_log_never_reaches_a_file_that_took_its_descriptor(self):
        path = self.desk.path("database")
        result = self.desk.run("declined", times=10, options=("--reuse-stderr", path))
        self.check_observed(result)
        self.assertEqual(os.path.getsize(path), 0)

    def test_runs_without_any_standard_descriptor(self):
        def close_all():
            os.close(0)
            os.close(2)

        self.check_observed(self.desk.run("declined", times=10, preexec_fn=close_all))

    def test_inert_when_disabled(self):
        result = self.desk.run("declined", env=self.desk.environment(TASKLESS_DISABLED="1"))
        self.assertTrue(result.is_untouched(), result)
        self.assertEqual((result.records, result.log), ([], ""))

    @unittest.skipUnless(os.getuid() == 0, "needs another user")
    def test_inert_in_a_setuid_program(self):
        def become_nobody():
            os.setgid(NOBODY)
            os.setuid(NOBODY)

        os.chmod(self.desk.folder, 0o755)
        app = self.desk.path("setuid-app")
        shutil.copy(self.desk.app, app)
        os.chmod(app, 0o4755)
        if os.statvfs(app).f_flag & os.ST_NOSUID:
            self.skipTest("no program is setuid here")
        result = self.desk.run("declined", app=app, preexec_fn=become_nobody)
        self.assertTrue(result.is_untouched(), result)
        self.assertEqual((result.records, result.log), ([], ""))
        os.chmod(app, 0o755)  # the same program without the bit is observed
        self.assertEqual(len(self.desk.run("declined", app=app).records), 1)

    def test_a_configuration_that_others_may_write_is_refused(self):
        os.chmod(self.desk.path("taskless.json"), 0o666)
        result = self.desk.run("declined")
        self.assertEqual(result.code, 42)
        self.assertIn("application: not observed: ", result.out)
        self.assertIn("taskless.json", result.out)
        self.assertEqual(result.records, [])

    def test_a_pack_that_others_may_write_is_left_out(self):
        os.chmod(self.desk.path("packs", "traps", "pack.wasm"), 0o646)
        result = self.desk.run("declined")
        self.check_observed(result)
        self.assertIsNone(result.run_of("traps"))
        self.assertIn("Pack traps is left out, since others may write it: chmod -R go-w ", result.log)

    def test_a_pack_behind_a_link_is_taken_as_what_it_links_to(self):
        folder = self.desk.path("packs", "traps")
        os.rename(folder, folder + "-real")
        os.symlink(folder + "-real", folder)
        self.check_observed(self.desk.run("declined"))

    def test_opens_nothing_that_a_child_would_inherit(self):
        result = self.desk.run("declined", options=("--list-inherited",))
        self.assertEqual(result.code, 42, result)
        self.assertEqual(result.said[0], "application: a child would inherit 0 1 2")


if __name__ == "__main__":
    unittest.main(verbosity=2)
