// Every message about a file that does not fit, as somebody reads it at night.
#include <gmock/gmock.h>

#include "config/loading.hpp"

using loading::faults_of;

namespace {

struct row {
  std::string file;
  std::string expected;
};

void expect_messages(std::initializer_list<row> rows) {
  for (const auto& one : rows) EXPECT_EQ(faults_of({one.file}), one.expected) << one.file;
}

// A worker with one more line in it, the third.
std::string worker(const std::string& line) { return "[worker.a]\nclass = 'echo'\n" + line; }
std::string program(const std::string& line) { return "[worker.a]\ncommand = ['x']\n" + line; }

}  // namespace

TEST(message, of_what_is_no_toml) {
  EXPECT_EQ(faults_of({"[worker.a\ncommand = ['x']"}).substr(0, 36), "a.toml:1:10: this is no TOML: Error ");
  for (const char* text : {"[=]", "[ #a]", "[\x01]", "[[=]]", "a.=1"})
    EXPECT_THAT(faults_of({text}), testing::HasSubstr("this is no TOML")) << text;
}

TEST(message, of_names_that_do_not_exist) {
  expect_messages({
      {"", "a.toml: there is no worker; a table such as [worker.NAME] is expected\n"},
      {"[workers.a]\ncommand = ['x']\n[worker.b]\ncommand = ['x']",
       "a.toml:1:2: workers: there is no such table: [pipeline], [control], [group.NAME] and [worker.NAME] are; did "
       "you mean "
       "'worker'?\n"},
      {"worker = 5", "a.toml:1:1: worker: 5 has the wrong type; tables such as [worker.NAME] are expected\n"},
      {worker("stop_timout = '5s'"),
       "a.toml:3:1: worker.a.stop_timout: there is no such key; did you mean 'stop_timeout'?\n"},
      {worker("restart = { dealy = '5s' }"),
       "a.toml:3:13: worker.a.restart.dealy: there is no such key; did you mean 'delay'?\n"},
      {worker("weight = 5"), "a.toml:3:1: worker.a.weight: there is no such key\n"},
      {"[worker.\"a b\"]\ncommand = ['x']",
       "a.toml:1:9: worker.a b: this cannot be a name; 1 to 64 letters, digits, '.', '_' and '-', a letter or a digit "
       "first, are expected\n"},
      {worker("cgroup = { memory_mx = '1GiB' }"),
       "a.toml:3:12: worker.a.cgroup.memory_mx: there is no such key; did you mean 'memory_max'?\n"},
  });
}

TEST(message, of_who_may_ask) {
  const std::string rest = "\n[worker.a]\ncommand = ['x']";
  expect_messages({
      {"[control]\ntcp = '127.0.0.1:1'" + rest,
       "a.toml:1:2: control.tcp: the API over TCP is open to whoever can reach it; a token is expected, such as "
       "control.tokens = { operator = \"${LINESHAFT_TOKEN}\" }\n"},
      // A secret is never printed.
      {"[control]\ntokens = { admin = 'geheim' }" + rest,
       "a.toml:2:20: control.tokens.admin: this is too short; text of 20 characters or more, best a variable such as "
       "\"${LINESHAFT_TOKEN}\", is expected\n"},
      {"[control]\nusers = { eve = 'root' }" + rest,
       "a.toml:2:17: control.users.eve: \"root\" is none of the words here; \"metrics\" or \"read\" or \"operator\" or "
       "\"admin\" is expected\n"},
      {"[control]\nusers = 5" + rest,
       "a.toml:2:9: control.users: 5 has the wrong type; a table of users, by name or number, and what each may do is "
       "expected\n"},
  });
}

TEST(message, of_values_that_cannot_be_read) {
  const std::string duration = "a duration such as \"500ms\", \"10s\", \"5m\", \"6h\" or \"1d\" is expected\n";
  expect_messages({
      {worker("stop_timeout = 5"), "a.toml:3:16: worker.a.stop_timeout: 5 has no unit; " + duration},
      {worker("stop_timeout = '5 sec'"),
       "a.toml:3:16: worker.a.stop_timeout: \"5 sec\" has no such unit as ' sec': there are ms, s, m, h, d; " +
           duration},
      {worker("stop_timeout = true"), "a.toml:3:16: worker.a.stop_timeout: true has the wrong type; " + duration},
      {worker("stop_timeout = 1979-05-27"),
       "a.toml:3:16: worker.a.stop_timeout: 1979-05-27 has the wrong type; " + duration},
      {worker("essential = 'yes'"),
       "a.toml:3:13: worker.a.essential: \"yes\" has the wrong type; true or false is expected\n"},
      {worker("replicas = -1"),
       "a.toml:3:12: worker.a.replicas: -1 is out of range; a whole number from 0 to 10000 is expected\n"},
      {worker("replicas = 2.5"),
       "a.toml:3:12: worker.a.replicas: 2.5E0 has the wrong type; a whole number from 0 to 10000 is expected\n"},
      {worker("restart = 'sometimes'"),
       "a.toml:3:11: worker.a.restart: \"sometimes\" is none of the words here; \"never\" or \"on_failure\" or "
       "\"always\", or a table is expected\n"},
      {worker("restart = { jitter = 2 }"),
       "a.toml:3:22: worker.a.restart.jitter: 2 is out of range; a number from 0 to 1 is expected\n"},
      {worker("restart = { limit = '5 per minute' }"),
       "a.toml:3:21: worker.a.restart.limit: \"5 per minute\" does not say how many in what time; a limit such as \"5 "
       "in "
       "60s\" is expected\n"},
      {worker("stop = ['TERM 5s', 'SIGFOO']"),
       "a.toml:3:20: worker.a.stop: \"SIGFOO\" cannot be read: 'SIGFOO' is no signal: a name such as SIGTERM, SIGINT "
       "or "
       "SIGKILL is expected; a signal and how long it may take, such as \"SIGTERM 5s\", is expected\n"},
      {worker("watchdog = { timeout = '5s', ladder = ['ABRT 2s', 'stack'] }"),
       "a.toml:3:51: worker.a.watchdog.ladder: the stack is written down before anything else is done; \"stack\" as "
       "the first step, or nowhere, is expected\n"},
      {worker("watchdog = { timeout = '5s', ladder = 'stack' }"),
       "a.toml:3:39: worker.a.watchdog.ladder: \"stack\" has the wrong type; an array: [\"stack\", \"SIGABRT 2s\", …] "
       "is "
       "expected\n"},
      {"[worker.a]\ncommand = []",
       "a.toml:2:11: worker.a.command: the array is empty; an array: [text in quotation marks, …] is expected\n"},
      {"[worker.a]\ncommand = 'sleep 1'",
       "a.toml:2:11: worker.a.command: \"sleep 1\" has the wrong type; an array: [text in quotation marks, …] is "
       "expected\n"},
      {worker("after = 'b'"),
       "a.toml:3:9: worker.a.after: \"b\" has the wrong type; [\"NAME\", …] or { NAME = \"started\" | \"ready\" | "
       "\"completed\", … } is expected\n"},
      {worker("ready = 'soon'"),
       "a.toml:3:9: worker.a.ready: \"soon\" is no way to become ready; \"start\", \"notify\", \"tcp:ADDRESS:PORT\" or "
       "\"http://ADDRESS:PORT/PATH\" is expected\n"},
      {worker("user = ':'"),
       "a.toml:3:8: worker.a.user: \":\" names no user; \"USER\" or \"USER:GROUP\", by name or number, is expected\n"},
      {worker("umask = 27"),
       "a.toml:3:9: worker.a.umask: 27 has the wrong type; an octal number in quotation marks such as \"0027\" is "
       "expected\n"},
      {worker("limits = { nofile = 'many' }"),
       "a.toml:3:21: worker.a.limits.nofile: \"many\" does not begin with a number; a number, a size, \"unlimited\", "
       "or "
       "two of them as \"SOFT:HARD\", is expected\n"},
      {worker("env = { A = 5 }"),
       "a.toml:3:13: worker.a.env.A: 5 has the wrong type; text in quotation marks is expected\n"},
      {worker("options = 5"), "a.toml:3:11: worker.a.options: 5 has the wrong type; a table is expected\n"},
      {worker("group = '${NONE}'"),
       "a.toml:3:9: worker.a.group: there is no environment variable NONE; set it, or say what holds without it: "
       "${NONE:-…}\n"},
  });
}

TEST(message, of_contradictions) {
  expect_messages({
      {"[worker.a]\nnice = 1",
       "a.toml:1:9: worker.a: it says neither what class it is nor what command it runs; class = \"…\" or command = "
       "[\"…\"] is expected\n"},
      {worker("command = ['x']"), "a.toml:3:1: worker.a.command: there is a class, too; take one of the two out\n"},
      {"[worker.a]\nclass = 'ecko'",
       "a.toml:2:1: worker.a.class: this program has no worker class 'ecko'; did you mean 'echo'?\n"},
      {"[worker.a]\nclass = 'processor'",
       "a.toml:2:1: worker.a.class: this program has no worker class 'processor'; there are: echo\n"},
      {worker("options = { every = 5 }"),
       "a.toml:3:1: worker.a.options: there is no option 'every'; there are: text, every_ms\n"},
      {program("options = { every = 5 }"),
       "a.toml:3:1: worker.a.options: this is for worker classes, and this worker is a program\n"},
      {worker("success_exit_codes = [1]"),
       "a.toml:3:1: worker.a.success_exit_codes: this is for programs: a worker class succeeds with 0\n"},
      {worker("stop_timeout = '11s'"),
       "a.toml:3:1: worker.a.stop_timeout: 11s is above the 10s that a stop of the whole pipeline has; lower it, or "
       "raise pipeline.stop_timeout\n"},
      {worker("stop = ['SIGTERM 8s', 'SIGKILL 3s']"),
       "a.toml:3:1: worker.a.stop: the signals take 11s in all, and a stop of this worker has 10s; shorten them, or "
       "raise "
       "stop_timeout\n"},
      {worker("stop = ['SIGKILL', 'SIGTERM 3s']"),
       "a.toml:3:1: worker.a.stop: nothing can follow SIGKILL; take out what stands after it\n"},
      {worker("stop_timeout = '0s'"),
       "a.toml:3:1: worker.a.stop_timeout: no time at all is not enough; take it out for the default\n"},
      {worker("restart = { limit = '50 in 60s' }"),
       "a.toml:3:1: worker.a.restart.limit: it can never be reached: the delays make 50 restarts last longer than 1m; "
       "lower "
       "the count, or widen the window\n"},
      {worker("restart = { delay = '1m' }"),
       "a.toml:3:1: worker.a.restart.max_delay: 30s is below the delay to begin with, 1m\n"},
      {worker("restart = { mode = 'never', limit = '5 in 60s' }"),
       "a.toml:3:1: worker.a.restart.limit: there is a limit, and the mode is \"never\"; take one of the two out\n"},
      {worker("kind = 'task'\nmax_lifetime = '1h'"),
       "a.toml:4:1: worker.a.max_lifetime: a task ends by itself: it would be started anew\n"},
      {worker("group = 'b'"), "a.toml:3:1: worker.a.group: there is no group 'b'; a table [group.b] makes it\n"},
      {worker("group = 'procesors'\n[group.processors]"),
       "a.toml:3:1: worker.a.group: there is no group 'procesors'; did you mean 'processors'?\n"},
      {worker("after = ['b']"), "a.toml:3:1: worker.a.after: there is no worker 'b'\n"},
      {worker("after = ['b']\n[worker.b]\ncommand = ['x']\nprofiles = ['full']"),
       "a.toml:3:1: worker.a.after: 'b' is not there without its profile; ask for it: --profile full\n"},
      {worker("after = ['b']\n[worker.b]\ncommand = ['x']\nafter = ['a']"),
       "a.toml:3:1: worker.a.after: it waits for itself: a → b → a; take one of these out\n"},
      {worker("after = ['b', 'nobody']\n[worker.b]\ncommand = ['x']\nafter = ['a']\nstop_timeout = '20s'"),
       "a.toml:3:1: worker.a.after: there is no worker 'nobody'\n"
       "a.toml:7:1: worker.b.stop_timeout: 20s is above the 10s that a stop of the whole pipeline has; lower it, or "
       "raise "
       "pipeline.stop_timeout\n"},
      {worker(
           "nice = 3\n[worker.b]\ncommand = ['x']\nafter = ['c']\nstop_timeout = '20s'\n[worker.c]\ncommand = ['x']\n"
           "after = ['b']"),
       "a.toml:6:1: worker.b.after: it waits for itself: b → c → b; take one of these out\n"
       "a.toml:7:1: worker.b.stop_timeout: 20s is above the 10s that a stop of the whole pipeline has; lower it, or "
       "raise "
       "pipeline.stop_timeout\n"},
      {worker("after = ['b']\n[worker.b]\ncommand = ['x']\nafter = ['a']\n[worker.c]\ncommand = ['x']\nafter = ['c']"),
       "a.toml:3:1: worker.a.after: it waits for itself: a → b → a; take one of these out\n"
       "a.toml:9:1: worker.c.after: it waits for itself: c → c; take one of these out\n"},
      {worker("group = 'g'\n[group.g]\nrestart_limit = '50 in 60s'"),
       "a.toml:5:1: group.g.restart_limit: it can never be reached: its members are not restarted so often in 1m; "
       "lower "
       "the count, or widen the window\n"},
      {worker("group = 'g'\nreplicas = 1\n[group.g]\nrestart_limit = '50 in 60s'"), ""},
      {"[worker.a]\ncommand = ['x']\nprofiles = ['full', 'more']\n[worker.b]\ncommand = ['x']\nprofiles = ['b']",
       "a.toml: every worker has a profile, and none of these was asked for; --profile full, for example\n"},
      {worker("replicas = 2\n[worker.a-1]\ncommand = ['x']"),
       "a.toml:3:1: worker.a.replicas: one of its replicas is named 'a-1', as is another worker\n"},
  });
  EXPECT_EQ(faults_of({program("")}, {"fulll"}), "no worker has the profile 'fulll'\n");
}

TEST(message, all_faults_of_all_files_are_told_at_once_in_their_order) {
  EXPECT_EQ(faults_of({"[worker.a]\nclass = 'echo'\nnice = 99\n[worker.b]\ncommand = 5\n",
                       "[worker.a]\nstop_timeout = 5\nwieght = 1\n"}),
            "a.toml:3:8: worker.a.nice: 99 is out of range; a whole number from -20 to 19 is expected\n"
            "a.toml:5:11: worker.b.command: 5 has the wrong type; an array: [text in quotation marks, …] is expected\n"
            "b.toml:2:16: worker.a.stop_timeout: 5 has no unit; a duration such as \"500ms\", \"10s\", \"5m\", \"6h\" "
            "or \"1d\" is "
            "expected\n"
            "b.toml:3:1: worker.a.wieght: there is no such key\n");
  EXPECT_EQ(faults_of({"x", "y = "}).find("b.toml:1:"), faults_of({"x", "y = "}).rfind("b.toml:1:"));
}
