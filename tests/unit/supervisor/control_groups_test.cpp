// Against a kernel with the rules of cgroups(7) and the controllers that each test gives it.
#include "supervisor/control_groups.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>
#include <set>

namespace lineshaft::supervisor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr pid_t fork_server = 20, stranger = 99;

class simulated_tree final : public sys::cgroup_tree {
 public:
  struct folder {
    std::set<std::string> given, handed_out;  ///< controllers
    std::set<pid_t> processes;
    std::map<std::string, std::string> limits;
  };

  simulated_tree() {
    at["/cg"] = {{"cpu", "memory"}, {"cpu", "memory"}, {}, {}};
    at["/cg/unit"] = {{"cpu", "memory"}, {}, {::getpid(), fork_server}, {}};
  }

  result<> make(const std::string& name) override {
    if (read_only) return fail(std::errc::read_only_file_system, "cannot make '" + name + "'");
    if (at.contains(name)) return fail(std::errc::file_exists, "cannot make '" + name + "'");
    at[name].given = parent(name).handed_out;
    return {};
  }
  result<> remove(const std::string& name) override {
    const bool has_inner = !folders_in(name).empty();
    if (!at.contains(name)) return fail(std::errc::no_such_file_or_directory, name);
    if (has_inner || !at[name].processes.empty()) return fail(std::errc::device_or_resource_busy, name);
    at.erase(name);
    return {};
  }
  result<std::string> read(const std::string& file) override {
    if (file == "/proc/self/mountinfo") return "30 23 0:26 / /cg rw - cgroup2 cgroup2 rw\n";
    if (file == "/proc/self/cgroup") return mounted ? "0::/unit\n" : "";
    const auto [name, key] = split(file);
    std::string text;
    if (key == "cgroup.controllers") {
      for (const auto& one : at[name].given) text += one + " ";
    }
    if (key == "cgroup.procs") {
      for (const auto pid : at[name].processes) text += std::to_string(pid) + "\n";
    }
    return text;
  }
  result<> write(const std::string& file, std::string_view text) override {
    const auto [name, key] = split(file);
    if (key == "cgroup.subtree_control") return hand_out(name, std::string(text));
    if (key == "cgroup.procs") return enter(name, static_cast<pid_t>(std::stol(std::string(text))));
    if (!at[name].given.contains(key.substr(0, key.find('.')))) return fail(std::errc::no_such_file_or_directory, file);
    at[name].limits[key] = text;
    return {};
  }
  result<unique_fd> open(const std::string& file) override {
    if (full_tables-- > 0) return fail(std::errc::too_many_files_open, "cannot open '" + file + "'");
    if (!has_kill) return fail(std::errc::no_such_file_or_directory, "cannot open '" + file + "'");
    return unique_fd();
  }
  std::vector<std::string> folders_in(const std::string& name) override {
    std::vector<std::string> inner;
    for (const auto& [one, content] : at) {
      if (one != name && one.starts_with(name + "/") && !one.substr(name.size() + 1).contains('/'))
        inner.push_back(one.substr(name.size() + 1));
    }
    return inner;
  }
  bool is_left_to_us(const std::string&) override { return delegated; }
  bool is_ours(pid_t process) override { return process != stranger; }

  std::string managers_folder() {
    for (const auto& name : folders_in("/cg/unit")) return "/cg/unit/" + name;
    return {};
  }

  std::map<std::string, folder> at;
  int full_tables = 0;
  bool mounted = true, delegated = true, read_only = false, has_kill = true;

 private:
  static std::pair<std::string, std::string> split(const std::string& file) {
    const auto slash = file.rfind('/');
    return {file.substr(0, slash), file.substr(slash + 1)};
  }
  folder& parent(const std::string& name) { return at[split(name).first]; }

  // Below one with processes that has handed out what threads can share: "domain invalid", cgroups(7).
  bool is_for_threads(const std::string& name) {
    return std::ranges::any_of(at, [&](const auto& one) {
      const auto& [above, content] = one;
      return name.starts_with(above + "/") && !content.processes.empty() && content.handed_out.contains("cpu");
    });
  }
  // "No internal processes": cgroups(7).
  result<> hand_out(const std::string& name, std::string text) {
    auto& here = at[name];
    const auto busy = [&] { return fail(std::errc::device_or_resource_busy, name); };
    for (std::string_view rest = text; !rest.empty();) {
      const auto word = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(word.size() + 1, rest.size()));
      const std::string controller(word.substr(1));
      if (word.front() == '-') {
        for (const auto& inner : folders_in(name)) {
          if (at[name + "/" + inner].handed_out.contains(controller)) return busy();
        }
        here.handed_out.erase(controller);
      } else {
        if (!here.given.contains(controller)) return fail(std::errc::no_such_file_or_directory, name);
        if (is_for_threads(name)) return fail(std::errc::operation_not_supported, name);
        if (!here.processes.empty() && controller != "cpu") return busy();
        here.handed_out.insert(controller);
      }
      for (const auto& inner : folders_in(name)) at[name + "/" + inner].given = here.handed_out;
    }
    return {};
  }
  result<> enter(const std::string& name, pid_t process) {
    if (is_for_threads(name)) return fail(std::errc::operation_not_supported, name);
    if (!at[name].handed_out.empty()) return fail(std::errc::device_or_resource_busy, name);
    for (auto& [one, content] : at) content.processes.erase(process);
    at[name].processes.insert(process);
    return {};
  }
};

TEST(control_groups, are_looked_for_again_where_only_the_moment_was_bad) {
  simulated_tree tree;
  tree.full_tables = 1;
  control_groups groups(tree);
  EXPECT_EQ(groups.make("w", 1, {}).value(), nullptr);
  EXPECT_THAT(tree.folders_in("/cg/unit"), IsEmpty());
  EXPECT_NE(groups.make("w", 2, {}).value(), nullptr);
}

std::string why_not(control_groups& groups, const cgroup_options& wanted) {
  const auto made = groups.make("w", 1, wanted);
  return made ? "" : made.error().message();
}

TEST(control_groups, a_group_without_limits_takes_no_controller_and_moves_nobody) {
  simulated_tree tree;
  control_groups groups(tree);
  const auto group = groups.make("w", 3, {});
  ASSERT_TRUE(group && *group);
  EXPECT_TRUE(tree.at.contains(tree.managers_folder() + "/w.3"));
  EXPECT_EQ(tree.managers_folder() + "/w.3", "/cg/unit" + std::string((*group)->name()));
  EXPECT_TRUE(tree.at["/cg/unit"].processes.contains(::getpid()));
  EXPECT_THAT(tree.at["/cg/unit"].handed_out, IsEmpty());
}

TEST(control_groups, limits_are_kept_and_the_manager_steps_aside_for_them) {
  simulated_tree tree;
  control_groups groups(tree);
  const auto first = groups.make("a", 1, {.memory_max = 1 << 20});
  ASSERT_TRUE(first) << first.error().message();
  const auto folder = tree.managers_folder();
  EXPECT_EQ(tree.at[folder + "/a.1"].limits["memory.max"], "1048576");
  EXPECT_THAT(tree.at[folder + "/manager"].processes, ElementsAre(fork_server, ::getpid()));
  const auto second = groups.make("b", 1, {.memory_max = 1 << 20, .cpu_max = 0.5});
  ASSERT_TRUE(second) << second.error().message();
  EXPECT_EQ(tree.at[folder + "/b.1"].limits["cpu.max"], "50000 100000");
  EXPECT_THAT(tree.at[folder].handed_out, ElementsAre("cpu", "memory"));
}

TEST(control_groups, the_manager_steps_aside_for_what_threads_could_share_too) {
  simulated_tree tree;
  control_groups groups(tree);
  const auto first = groups.make("a", 1, {.cpu_max = 0.5});
  ASSERT_TRUE(first) << first.error().message();
  const auto folder = tree.managers_folder();
  EXPECT_EQ(tree.at[folder + "/a.1"].limits["cpu.max"], "50000 100000");
  EXPECT_THAT(tree.at[folder + "/manager"].processes, ElementsAre(fork_server, ::getpid()));
  EXPECT_TRUE(tree.write(folder + "/a.1/cgroup.procs", "30")) << "a process can be in it";
}

TEST(control_groups, everything_is_as_before_when_they_go) {
  simulated_tree tree;
  const auto before = tree.at.size();
  {
    control_groups groups(tree);
    ASSERT_TRUE(groups.make("a", 1, {.memory_max = 1 << 20}));
    ASSERT_TRUE(groups.make("b", 1, {}));
  }
  EXPECT_EQ(tree.at.size(), before);
  EXPECT_THAT(tree.at["/cg/unit"].processes, ElementsAre(fork_server, ::getpid()));
  EXPECT_THAT(tree.at["/cg/unit"].handed_out, IsEmpty());
}

TEST(control_groups, the_folder_of_a_process_goes_with_it) {
  simulated_tree tree;
  control_groups groups(tree);
  ASSERT_TRUE(groups.make("a", 1, {}));
  EXPECT_THAT(tree.folders_in(tree.managers_folder()), IsEmpty());
}

TEST(control_groups, what_a_killed_manager_left_is_removed_and_what_belongs_to_others_stays) {
  simulated_tree tree;
  const auto nobody = std::to_string(std::numeric_limits<pid_t>::max());
  const auto living = "/cg/unit/lineshaft-" + std::to_string(::getppid()) + "-1";
  for (const auto& name : {"/cg/unit/lineshaft-" + nobody + "-1", "/cg/unit/lineshaft-" + nobody + "-1/w.7", living,
                           std::string("/cg/unit/lineshaft-x"), std::string("/cg/unit/other")})
    ASSERT_TRUE(tree.make(name));
  control_groups groups(tree);
  ASSERT_TRUE(groups.make("a", 1, {}));
  const auto left = tree.folders_in("/cg/unit");
  EXPECT_THAT(left, ::testing::Not(::testing::Contains(HasSubstr(nobody))));
  EXPECT_THAT(left, ::testing::IsSupersetOf(std::vector<std::string>{"lineshaft-x", "other", living.substr(9)}));
}

TEST(control_groups, limits_that_cannot_be_kept_are_an_error_that_says_why) {
  const struct {
    std::function<void(simulated_tree&)> prepare;
    std::string expected;
    cgroup_options limited{.memory_max = 1 << 20};
  } table[] = {
      {[](auto& tree) { tree.mounted = false; }, "version 2 of control groups is not mounted here"},
      {[](auto& tree) { tree.delegated = false; }, "its unit needs Delegate=yes"},
      {[](auto& tree) { tree.read_only = true; }, "Read-only file system"},
      {[](auto& tree) { tree.has_kill = false; }, "cgroup.kill"},
      {[](auto& tree) { tree.at["/cg/unit"].given = {"cpu"}; },
       "there is no controller 'memory' in '/cg/unit', in which the manager runs"},
      {[](auto& tree) { tree.at["/cg/unit"].processes.insert(stranger); },
       "other processes are in '/cg/unit', too, in which the manager runs"},
      {[](auto& tree) { tree.at["/cg/unit"].processes.insert(stranger); },
       "other processes are in '/cg/unit', too, in which the manager runs",
       {.cpu_max = 0.5}},
  };
  for (const auto& row : table) {
    simulated_tree tree;
    row.prepare(tree);
    const auto before = tree.at["/cg/unit"].processes;
    control_groups groups(tree);
    EXPECT_THAT(why_not(groups, row.limited), HasSubstr("cannot keep the limits of its control group: "));
    EXPECT_THAT(why_not(groups, row.limited), HasSubstr(row.expected)) << "and again";
    EXPECT_EQ(tree.at["/cg/unit"].processes, before);
    EXPECT_THAT(tree.at["/cg/unit"].handed_out, IsEmpty());
  }
}

TEST(control_groups, without_limits_none_is_no_error) {
  for (const auto spoil : {&simulated_tree::mounted, &simulated_tree::delegated, &simulated_tree::has_kill}) {
    simulated_tree tree;
    tree.*spoil = false;
    control_groups groups(tree);
    const auto made = groups.make("w", 1, {});
    ASSERT_TRUE(made);
    EXPECT_EQ(*made, nullptr);
  }
}

}  // namespace
}  // namespace lineshaft::supervisor
