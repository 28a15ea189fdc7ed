// lineshaft export systemd
#include <boost/json/serialize.hpp>
#include <format>
#include <iostream>

#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

namespace lineshaft::cli {
namespace {

using std::chrono::milliseconds;

struct choice {
  std::vector<std::string> what;
  std::string user;
};

// systemd.service(5): % begins a specifier, and words with spaces are quoted.
std::string escaped(const std::string& word) {
  std::string text;
  for (const char c : word) {
    if (c == '%' || c == '$') text += c;
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text.contains(' ') || text.contains('"') || text.contains(';') ? '"' + text + '"' : text;
}

std::string plain_specifiers(std::string text) {
  for (std::size_t at = 0; (at = text.find('%', at)) != std::string::npos; at += 2) text.insert(at, "%");
  return text;
}

std::string command_line(const invocation& with, const loaded_pipeline& loaded) {
  auto line = escaped(with.path);
  for (const auto& file : loaded.paths) line += " -f " + escaped(file);
  for (const auto& profile : with.common.profiles) line += " --profile " + escaped(profile);
  return line + " run";
}

// Where whoever asks finds it, whoever it runs as: it has no $XDG_RUNTIME_DIR there.
std::string runtime_directory(const config::pipeline_file& file) {
  return file.run_dir.empty() ? std::format("RuntimeDirectory=lineshaft/{}\n", file.pipeline.name) : std::string();
}

// What a stop takes is bounded by the pipeline's own budget: systemd waits a little longer, and only then kills.
std::string unit(const invocation& with, const loaded_pipeline& loaded, const std::string& user) {
  const auto& pipeline = loaded.file.pipeline;
  const auto stop = std::chrono::ceil<std::chrono::seconds>(pipeline.stop_timeout) + std::chrono::seconds(10);
  milliseconds slowest{};
  for (const auto& worker : pipeline.workers) slowest += worker.how.start_timeout;
  const auto start = std::chrono::ceil<std::chrono::seconds>(slowest) + std::chrono::seconds(10);
  return std::format(R"([Unit]
Description=Lineshaft pipeline {0}
After=network-online.target
Wants=network-online.target

[Service]
Type=notify
NotifyAccess=main
ExecStart={1}
ExecReload=/bin/kill -HUP $MAINPID
WorkingDirectory={2}
{3}{6}# The manager stops its workers itself, in order; what is left after it is killed.
KillMode=mixed
TimeoutStartSec={4}
TimeoutStopSec={5}
WatchdogSec=30
Restart=on-failure
RestartSec=1
# A wrong pipeline file does not get better by starting it again.
RestartPreventExitStatus=2
# Workers get control groups of their own below this one.
Delegate=yes

[Install]
WantedBy=multi-user.target
)",
                     pipeline.name, command_line(with, loaded), plain_specifiers(loaded.folder),
                     user.empty() ? "" : std::format("User={}\n", user), start.count(), stop.count(),
                     runtime_directory(loaded.file));
}

}  // namespace

verb export_verb() {
  auto kept = std::make_shared<choice>();
  return {"export",
          "Prints a unit file for systemd that runs this pipeline as a service.",
          "`lineshaft export systemd | sudo tee /etc/systemd/system/NAME.service`, then `systemctl daemon-reload` and "
          "`systemctl enable --now NAME`. `systemd-analyze verify` accepts it.",
          "{\"unit\", \"text\"}",
          {text_option("--user", "", "USER", "Whom the service runs as; without: root.", kept->user)},
          {{"FORMAT", "systemd", 1, 1, &kept->what, completes::words, {"systemd"}}},
          [kept](const invocation& with) {
            const auto loaded = load_pipeline(with);
            if (!loaded) return loaded.error();
            const auto text = unit(with, *loaded, kept->user);
            if (with.common.json) {
              std::cout << boost::json::serialize(
                               boost::json::object{{"unit", loaded->file.pipeline.name + ".service"}, {"text", text}})
                        << '\n';
            } else {
              std::cout << text;
            }
            return done;
          },
          kept};
}

}  // namespace lineshaft::cli
